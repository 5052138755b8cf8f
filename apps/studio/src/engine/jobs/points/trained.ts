import type { Denoise, NoiseSchedule } from "@ddpm/core";
import { disposeState, type TrainState } from "@ddpm/trainer";

/** A network that was trained on points. */
export interface Trained {
  readonly state: TrainState;
  readonly schedule: NoiseSchedule;
  denoise(state: TrainState): Denoise;
}

let trained: Trained | undefined;

/** Keeps the network that was trained last, and disposes the one before. */
export function keepTrained(next: Trained): void {
  if (trained) disposeState(trained.state);
  trained = next;
}

/** @throws when no network was trained yet */
export function lastTrained(): Trained {
  if (!trained) throw new Error("No network was trained yet.");
  return trained;
}

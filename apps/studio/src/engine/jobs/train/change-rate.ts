import type { RunConfig } from "@ddpm/runs";
import { readRunConfig, writeRunConfig } from "@ddpm/runs/authoring";
import type { Job } from "../../job.ts";
import { imagesSeen, runStorage } from "../../store/runs.ts";
import { changedConfig, type LiveRate } from "./live-rate.ts";

export interface RateInput {
  readonly run: string;
  /** On the course that the run was begun with. */
  readonly factor: number;
}

/** The run that is being trained, and its rate. */
let live: { readonly run: string; readonly rate: LiveRate } | undefined;

/** Makes the rate of a training changeable while it runs. */
export function letRateChange(run: string, rate: LiveRate): void {
  live = { run, rate };
}

/** The training is over. */
export function keepRate(run: string): void {
  if (live?.run === run) live = undefined;
}

/**
 * Changes the rate of a run from its next update on, whether it is running or waiting. It is written at once, so that
 * the run has it wherever it is resumed.
 */
export const changeRate: Job<RateInput, RunConfig> = async ({ run, factor }) => {
  const config =
    live?.run === run
      ? live.rate.change(factor)
      : changedConfig(await readRunConfig(runStorage(run)), await imagesSeen(run), factor);
  await writeRunConfig(runStorage(run), config);
  return config;
};

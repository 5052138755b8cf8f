import { mapParams, type Params } from "@ddpm/core";
import * as tf from "@tensorflow/tfjs-core";
import type { StepEvent, Totals } from "../../src/authoring.ts";
import { type TrainEvent, type TrainingLoopOptions, type TrainState, trainingLoop } from "../../src/index.ts";

/** The events of a training and its last state. */
export interface Outcome {
  readonly events: readonly TrainEvent[];
  readonly state: TrainState;
}

/** Runs a training to its end; `handle` sees every event while training waits. */
export async function run(
  options: TrainingLoopOptions,
  handle: (event: TrainEvent) => void | Promise<void> = () => {},
): Promise<Outcome> {
  const events: TrainEvent[] = [];
  for await (const event of trainingLoop(options)) {
    if (event.type === "done") return { events, state: event.state };
    events.push(event);
    await handle(event);
  }
  throw new Error("a training ends with a done event");
}

/** A state of its own tensors with the same numbers. */
export function copyOf(state: TrainState): TrainState {
  const copy = (params: Params): Params =>
    mapParams(params, (value) => tf.tensor(value.dataSync().slice(), value.shape, value.dtype));
  return {
    ...state,
    params: copy(state.params),
    ...(state.ema ? { ema: copy(state.ema) } : {}),
    optimizer: copy(state.optimizer),
    totals: copy(state.totals) as Totals,
  };
}

/** Every bit of a state, to compare. */
export function bitsOf(state: TrainState): Record<string, unknown> {
  const bits: Record<string, unknown> = {
    images: state.images,
    step: state.step,
    sinceLog: state.sinceLog,
  };
  for (const kind of ["params", "ema", "optimizer", "totals"] as const) {
    const params: Params = state[kind] ?? {};
    for (const name of Object.keys(params).sort()) {
      const values = params[name]!.dataSync() as Float32Array;
      bits[`${kind}/${name}`] = Array.from(new Uint32Array(values.slice().buffer)).join(" ");
    }
  }
  return bits;
}

/** What a log holds of an event: all but the speed. */
export function logged(events: readonly TrainEvent[]): Omit<StepEvent, "imagesPerSecond">[] {
  return events.filter((event) => event.type === "step").map(({ imagesPerSecond: _, ...rest }) => rest);
}

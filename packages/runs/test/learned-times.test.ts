import { importance, linear } from "@ddpm/schedules";
import { disposeState, type TrainingLoopOptions, type TrainState } from "@ddpm/trainer";
import * as tf from "@tensorflow/tfjs";
import { expect, test } from "vitest";
import { bitsOf, logged, run } from "../../trainer/test/support/run.ts";
import { options } from "../../trainer/test/support/toy.ts";
import { loadCheckpoint, memoryStorage, saveCheckpoint } from "../src/index.ts";

/** A chain so short, and so little to remember, that it has learned after a few updates. */
const training = (change: Partial<TrainingLoopOptions> = {}): TrainingLoopOptions =>
  options({
    schedule: linear({ steps: 4, betaStart: 0.05, betaEnd: 0.6 }),
    times: importance({ history: 2, uniformShare: 0.05 }),
    ...change,
  });

const forget = ({ times: _, ...rest }: TrainState): TrainState => rest;

test.each([1, 2])(
  "a run with learned times and %d microbatches resumes from a checkpoint with the same bits",
  async (accumulate) => {
    const storage = memoryStorage();
    const before = tf.memory().numTensors;
    const straight = await run(training({ accumulate }));
    const signal = { aborted: false };
    const first = await run(training({ accumulate, signal, every: { half: 40 } }), (event) => {
      if (event.type === "due" && event.what === "half") signal.aborted = true;
    });
    expect(first.state.images).toBe(40);
    await saveCheckpoint(storage, first.state);
    disposeState(first.state);
    const { state } = await loadCheckpoint(storage);
    const last = await run(training({ accumulate, state }));
    const all = ({ images, step, times, ...rest }: TrainState) => ({
      bits: bitsOf({ images, step, ...rest }),
      times,
    });
    expect(all(last.state)).toEqual(all(straight.state));
    expect(logged([...first.events, ...last.events])).toEqual(logged(straight.events));
    const forgetful = await run(
      training({ accumulate, state: forget((await loadCheckpoint(storage)).state) }),
    );
    expect(all(forgetful.state)).not.toEqual(all(straight.state));
    for (const { state: end } of [straight, last, forgetful]) disposeState(end);
    expect(tf.memory().numTensors).toBe(before);
  },
);

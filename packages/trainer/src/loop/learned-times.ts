import { type LossWeight, random, type TimeSampler } from "@ddpm/core";
import { learns } from "@ddpm/core/authoring";
import type * as tf from "@tensorflow/tfjs-core";
import { readTotals } from "./divergence.ts";
import type { TrainOptions } from "./options.ts";
import type { LearnedTimes, TimedLosses, TrainState } from "./state.ts";

/** A weight that undoes how often a sampler that learned draws a time, so that the objective stays what it was. */
export function countedBack(weight: LossWeight, times: TimeSampler): LossWeight {
  if (!learns(times)) return weight;
  return {
    name: weight.name,
    at: (moment, schedule, meaning) =>
      weight.at(moment, schedule, meaning) * times.weight(moment.t, schedule),
  };
}

/** The sampler that knows what a state remembers: that of the options where nothing was learned. */
export function recalled(times: TimeSampler, learned: LearnedTimes | undefined): TimeSampler {
  return learned && learned.memory.length > 0 && learns(times) ? times.recall(learned.memory) : times;
}

/** Tells a time sampler, one update late, how large its losses were: see {@link timeLearner}. */
export interface TimeLearner {
  /**
   * Learns the losses of the update before, and begins to read those of this one.
   *
   * @param losses of the parts of this update's batch, [B / parts] each, weighted; freed when they are read
   * @throws DdpmError when a loss was not finite (see {@link divergence})
   */
  after(state: TrainState, losses: readonly tf.Tensor[]): Promise<TrainState>;
  /** The state with what is yet to be learned, to be kept. */
  settled(state: TrainState): Promise<TrainState>;
  /** Waits for what is being read. */
  end(): Promise<void>;
}

/**
 * A learner that never waits for an update that has just begun: the losses of update n are read while n + 1 is under
 * way, and change the times from n + 2 on, on every backend and wherever the training is stopped.
 */
export function timeLearner(options: TrainOptions, start: TrainState): TimeLearner {
  const { times, seed, schedule, batch } = options;
  const stream = random(seed).fork("times");
  let waiting: Promise<TimedLosses> | undefined =
    start.times?.unlearned && Promise.resolve(start.times.unlearned);

  const lessonOf = async (state: TrainState, losses: readonly tf.Tensor[]): Promise<TimedLosses> => {
    const sampler = recalled(times, state.times);
    const range = { first: state.images - batch, count: batch, batch };
    const drawn = sampler.draw(range, stream, schedule);
    const read = await Promise.all(losses.map((part) => part.data()));
    for (const part of losses) part.dispose();
    const weights = Array.from(drawn, (t) => (learns(sampler) ? sampler.weight(t, schedule) : 1));
    const weighted = read.flatMap((part) => [...part]);
    return { times: [...drawn], losses: weighted.map((loss, i) => loss / weights[i]!) };
  };

  return {
    async after(state, losses) {
      const before = waiting;
      waiting = losses.length > 0 ? lessonOf(state, losses) : undefined;
      waiting?.catch(() => {});
      if (!before) return state;
      const lesson = await before;
      if (!lesson.losses.every(Number.isFinite)) await readTotals(state, batch);
      const sampler = recalled(times, state.times);
      if (!learns(sampler)) return state;
      return { ...state, times: { memory: sampler.learn(lesson.times, lesson.losses, schedule).memory } };
    },
    async settled(state) {
      if (!waiting) return state;
      return { ...state, times: { memory: state.times?.memory ?? [], unlearned: await waiting } };
    },
    async end() {
      await waiting?.catch(() => {});
    },
  };
}

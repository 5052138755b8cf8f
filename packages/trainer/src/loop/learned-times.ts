import { type LossWeight, random, type TimeSampler } from "@ddpm/core";
import { learns } from "@ddpm/core/authoring";
import type * as tf from "@tensorflow/tfjs-core";
import type { Observer } from "./observer.ts";
import type { TrainingLoopOptions } from "./options.ts";
import type { LearnedTimes, TimedLosses } from "./state.ts";
import { readTotals } from "./totals.ts";

/** At which times to train, and how much each weighs. */
export type TimedObjective = Pick<TrainingLoopOptions, "times" | "weight">;

/**
 * The objective with what a state has learned of its times: the sampler that remembers it, and the weight divided by how often
 * it draws a time, so that the expected gradient stays the same. Unchanged where the sampler does not learn.
 */
export function learnedObjective(
  { times, weight }: TimedObjective,
  learned: LearnedTimes | undefined,
): TimedObjective {
  const sampler = recall(times, learned);
  return { times: sampler, weight: corrected(weight, sampler) };
}

function recall(times: TimeSampler, learned: LearnedTimes | undefined): TimeSampler {
  return learned && learned.memory.length > 0 && learns(times) ? times.recall(learned.memory) : times;
}

function corrected(weight: LossWeight, times: TimeSampler): LossWeight {
  if (!learns(times)) return weight;
  return {
    name: weight.name,
    at: (moment, schedule, meaning) =>
      weight.at(moment, schedule, meaning) * times.weight(moment.t, schedule),
  };
}

/**
 * An observer that gives a sampler of times that learns the losses of its images, one update late: those of update n are read
 * while n + 1 is running, and change the times from n + 2 on, on every backend and wherever the training is stopped.
 */
export function timeObserver({ times, seed, schedule, batch, state: start }: TrainingLoopOptions): Observer {
  if (!learns(times)) return async (state) => state;
  const stream = random(seed).fork("times");
  let waiting: Promise<TimedLosses> | undefined =
    start?.times?.unlearned && Promise.resolve(start.times.unlearned);

  const read = async (
    sampler: TimeSampler,
    first: number,
    losses: readonly tf.Tensor[],
  ): Promise<TimedLosses> => {
    const drawn = sampler.draw({ first, count: batch, batch }, stream, schedule);
    const parts = await Promise.all(losses.map((part) => part.data()));
    for (const part of losses) part.dispose();
    const weights = Array.from(drawn, (t) => (learns(sampler) ? sampler.weight(t, schedule) : 1));
    const weighted = parts.flatMap((part) => [...part]);
    return { times: [...drawn], losses: weighted.map((loss, i) => loss / weights[i]!) };
  };

  return async (state, losses) => {
    const { memory = [] } = state.times ?? {};
    if (!losses) return waiting ? { ...state, times: { memory, unlearned: await waiting } } : state;
    const sampler = recall(times, state.times);
    const before = waiting;
    waiting = read(sampler, state.images - batch, losses);
    waiting.catch(() => {});
    if (!before) return state;
    const known = await before;
    if (!known.losses.every(Number.isFinite)) await readTotals(state, batch);
    if (!learns(sampler)) return state;
    return { ...state, times: { memory: sampler.learn(known.times, known.losses, schedule).memory } };
  };
}

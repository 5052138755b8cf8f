import { type LossWeight, learns, random, type TimeMemory, type TimeSampler } from "@ddpm/core";
import type * as tf from "@tensorflow/tfjs-core";
import { readTotals } from "./divergence.ts";
import type { TrainOptions } from "./options.ts";
import type { TrainState } from "./state.ts";

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
export function recalled(times: TimeSampler, memory: TimeMemory | undefined): TimeSampler {
  return memory && learns(times) ? times.recall(memory) : times;
}

/**
 * Tells the time sampler how large the losses of the last batch were. They are read back: a sampler that learns costs
 * one wait per update.
 *
 * @param losses of the parts of that batch, [B / parts] each, weighted; freed here
 * @returns the state with a new memory
 * @throws DdpmError when a loss is not finite (see {@link divergence})
 */
export async function learnFrom(
  { times, seed, schedule, batch }: TrainOptions,
  state: TrainState,
  losses: readonly tf.Tensor[],
): Promise<TrainState> {
  const read = await Promise.all(losses.map((part) => part.data()));
  for (const part of losses) part.dispose();
  const weighted = read.flatMap((part) => [...part]);
  if (!weighted.every(Number.isFinite)) await readTotals(state, batch);
  const sampler = recalled(times, state.times);
  if (!learns(sampler)) return state;
  const range = { first: state.images - batch, count: batch, batch };
  const drawn = sampler.draw(range, random(seed).fork("times"), schedule);
  const plain = weighted.map((loss, i) => loss / sampler.weight(drawn[i]!, schedule));
  return { ...state, times: sampler.learn(drawn, plain, schedule).memory };
}

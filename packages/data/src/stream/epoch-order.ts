import type { Random } from "@ddpm/core";
import { lru } from "../bytes/lru.ts";

/**
 * Permutations of 0 … length − 1 by epoch, each a function of the stream and its number alone. Two are kept: a batch
 * that crosses the end of an epoch needs both.
 */
export function epochOrder(length: number, random: Random): (epoch: number) => Uint32Array {
  const kept = lru<number, Uint32Array>(2);
  return (epoch) => {
    const known = kept.get(epoch);
    if (known) return known;
    const order = random.fork(epoch).permutation(length);
    kept.set(epoch, order);
    return order;
  };
}

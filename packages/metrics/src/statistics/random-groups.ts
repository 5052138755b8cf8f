import { type Random, random as seeded } from "@ddpm/core";
import type { ErrorPlace } from "@ddpm/core/authoring";
import { expectRows } from "../features/features.ts";

/**
 * Cuts 0 … count − 1 into `parts` groups at random, of sizes that differ by one at most; the order of files, which
 * often follows classes, has no say in it.
 *
 * @throws DdpmError when a group would have fewer than `least` members
 */
export function randomGroups(
  where: ErrorPlace,
  count: number,
  parts: number,
  { random = seeded(0), least = 2 }: { readonly random?: Random; readonly least?: number } = {},
): Uint32Array[] {
  expectRows(where, "one set", count, parts * least);
  const order = random.permutation(count);
  return Array.from({ length: parts }, (_, part) =>
    order.slice(Math.floor((part * count) / parts), Math.floor(((part + 1) * count) / parts)),
  );
}

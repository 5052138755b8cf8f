import { expectShape, fail } from "@ddpm/core";
import type { Tensor } from "@tensorflow/tfjs-core";

/** The largest difference: |a − b| ≤ absolute + relative · |b|. */
export interface Tolerance {
  /** 1e-6 when left out. */
  readonly absolute?: number;
  /** 1e-6 when left out: a few float32 roundings. */
  readonly relative?: number;
}

/**
 * Compares a tensor, number by number, with another or with plain numbers; NaN is close to nothing.
 *
 * @throws DdpmError naming the worst place, when shapes or numbers differ
 */
export async function expectClose(
  actual: Tensor,
  expected: Tensor | ArrayLike<number>,
  { absolute = 1e-6, relative = 1e-6 }: Tolerance = {},
): Promise<void> {
  const given = await actual.data();
  if ("dataId" in expected) expectShape("testing/close", "the tensor", actual.shape, expected.shape);
  const wanted = "dataId" in expected ? await expected.data() : expected;
  if (given.length !== wanted.length) {
    fail("testing/close", `${given.length} numbers given, expected ${wanted.length}.`);
  }
  let worst = -1;
  let excess = 0;
  for (let i = 0; i < given.length; i++) {
    const over = Math.abs(given[i]! - wanted[i]!) / (absolute + relative * Math.abs(wanted[i]!));
    if (given[i] === wanted[i] || over <= Math.max(1, excess)) continue;
    worst = i;
    excess = over;
    if (Number.isNaN(over)) break;
  }
  if (worst < 0) return;
  const times = Number.isNaN(excess) ? "not a number" : `${excess.toPrecision(3)} times what is allowed`;
  fail("testing/close", `number ${worst} is ${given[worst]}, expected ${wanted[worst]}: ${times}.`);
}

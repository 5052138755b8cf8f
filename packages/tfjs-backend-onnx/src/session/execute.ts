import { explain } from "../errors.ts";
import type { Value } from "../graph/operation.ts";
import type { Numbers, Runtime, RuntimeTensor } from "../runtime/runtime.ts";
import type { BufferPool } from "../tensor/buffers.ts";
import { sameShape } from "../tensor/shape.ts";
import { inLayout, type Stored } from "../tensor/stored.ts";
import { outputSize, type Plan } from "./plan.ts";

/** The value of a scalar leaf at this moment. */
export function scalarOf(leaf: Value): number {
  return leaf.leaf!.scalar!;
}

/**
 * Fills the inputs that carry scalars.
 *
 * @returns null if leaves that shared one value when the plan was compiled now differ: the plan is too coarse.
 */
export function bindScalars(plan: Plan, leaves: readonly Value[]): readonly Numbers[] | null {
  const filled: Numbers[] = [];
  for (const { dtype, classes } of plan.scalars) {
    const values = dtype === "float32" ? new Float32Array(classes.length) : new Int32Array(classes.length);
    for (const [k, members] of classes.entries()) {
      const value = scalarOf(leaves[members[0]!]!);
      for (const member of members) if (!Object.is(scalarOf(leaves[member]!), value)) return null;
      values[k] = value;
    }
    filled.push(values);
  }
  return filled;
}

/** Runs a plan on the leaves of a recording; results are in buffers from the pool. */
export function execute(
  plan: Plan,
  leafOf: (leaf: number) => Stored,
  scalars: readonly Numbers[],
  runtime: Runtime,
  pool: BufferPool,
): Stored[] {
  const feeds: Record<string, RuntimeTensor> = {};
  for (const { name, leaf, layout, dims, dtype } of plan.feeds) {
    const stored = leafOf(leaf);
    const buffer = inLayout(stored, layout);
    const known = stored.tensor;
    feeds[name] =
      known?.data === buffer && sameShape(known.dims, dims) ? known : runtime.tensor(dtype, buffer, dims);
  }
  for (const [i, { name, dtype, classes }] of plan.scalars.entries()) {
    feeds[name] = runtime.tensor(dtype, scalars[i]!, [classes.length]);
  }
  const results: Stored[] = [];
  const outputs: Record<string, RuntimeTensor> = {};
  for (const output of plan.outputs) {
    const { name, layout, shape, dims, dtype } = output;
    const buffer = pool.take(dtype, outputSize(output));
    const tensor = runtime.tensor(dtype, buffer, dims);
    outputs[name] = tensor;
    results.push({ buffer, shape, dtype, layout, tensor, others: null, references: 0, recyclable: true });
  }
  try {
    plan.session.run(feeds, outputs);
  } catch (cause) {
    throw explain(cause);
  }
  return results;
}

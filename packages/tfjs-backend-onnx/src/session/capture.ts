import type { Recording } from "../graph/recorder.ts";
import { sameSignature } from "../graph/signature.ts";
import { plain } from "../tensor/layouts.ts";
import { inLayout, type Stored } from "../tensor/stored.ts";
import type { TensorData } from "../tensor-data.ts";
import type { Plan, ScalarKey } from "./plan.ts";

/** Where a replayed graph finds one of its leaves. */
export type LeafBinding =
  | { readonly kind: "input"; readonly name: string }
  | { readonly kind: "constant"; readonly stored: Stored | null; readonly scalar: number | null };

/** Where a result comes from: output number `result` of the graph, or an input passed through. */
export interface OutputSource {
  readonly name: string;
  readonly result: number | null;
  readonly input: string | null;
}

/** How inputs and outputs of a captured step meet its recording. */
export interface Binding {
  readonly leaves: readonly LeafBinding[];
  readonly outputs: readonly OutputSource[];
  /** Names of the kernels in recorded order, to say where a second recording departs. */
  readonly kernels: readonly string[];
}

/** Finds out which leaves of a recording are inputs of the step. */
export function bindCapture(
  recording: Recording,
  names: readonly string[],
  results: readonly (number | null)[],
  outputs: readonly TensorData[],
  inputs: readonly (readonly [string, TensorData])[],
): Binding {
  const byStored = new Map<Stored, string>();
  for (const [name, { stored }] of inputs) if (stored && !byStored.has(stored)) byStored.set(stored, name);
  const leaves = recording.leaves.map(({ leaf }): LeafBinding => {
    const { stored, scalar } = leaf!;
    const name = stored ? byStored.get(stored) : undefined;
    return name === undefined ? { kind: "constant", stored, scalar } : { kind: "input", name };
  });
  return {
    leaves,
    outputs: names.map((name, i) => ({
      name,
      result: results[i] ?? null,
      input: results[i] === null ? (byStored.get(outputs[i]!.stored!) ?? null) : null,
    })),
    kernels: recording.nodes.map(({ kernel }) => kernel),
  };
}

/** Scalars share a run-time value if they are the same input, or constants with the same value. */
export function capturedScalarKey(recording: Recording, { leaves }: Binding): ScalarKey {
  return (index) => {
    const source = leaves[index]!;
    if (source.kind === "input") return `input ${source.name}`;
    const { scalar } = recording.leaves[index]!.leaf!;
    return Object.is(scalar, -0) ? "-0" : `${scalar}`;
  };
}

/** Says why a second recording of a step is not the first one again, or null if it is. */
export function whatDiffers(
  plan: Plan,
  first: Binding,
  recording: Recording,
  second: Binding,
): string | null {
  const at = first.kernels.findIndex((kernel, i) => kernel !== second.kernels[i]);
  if (at >= 0 || first.kernels.length !== second.kernels.length) {
    const there = at >= 0 ? at : first.kernels.length;
    const was = first.kernels[there] ?? "nothing";
    const is = second.kernels[there] ?? "nothing";
    return `operation ${there} was ${was} in the first recording and is ${is} in the second`;
  }
  for (const [i, before] of first.leaves.entries()) {
    const after = second.leaves[i];
    const { shape, dtype } = recording.leaves[i] ?? { shape: [], dtype: "?" };
    const what = `a ${dtype} tensor of shape [${shape}]`;
    if (!after || before.kind !== after.kind)
      return `${what} was ${before.kind} and is ${after?.kind ?? "missing"}`;
    if (before.kind === "input" || after.kind === "input") {
      if ((before as { name: string }).name !== (after as { name: string }).name)
        return `${what} is another input`;
    } else if (!sameConstant(before, after)) {
      return `${what} that the step makes or captures has other numbers in the second recording`;
    }
  }
  if (!sameSignature(plan.signature, recording.signature.view()))
    return "shapes or attributes differ in the second recording";
  return null;
}

type Constant = Extract<LeafBinding, { kind: "constant" }>;

function sameConstant(a: Constant, b: Constant): boolean {
  if (a.scalar !== null || b.scalar !== null) return Object.is(a.scalar, b.scalar);
  if (a.stored === b.stored || !a.stored || !b.stored) return a.stored === b.stored;
  const x = inLayout(a.stored, plain);
  const y = inLayout(b.stored, plain);
  return x.length === y.length && x.every((value, i) => Object.is(value, y[i]));
}

import { type TensorInfo, Transpose } from "@tensorflow/tfjs-core";
import { sizeOf } from "../../../size-of.ts";
import { addressOf, copyBytes, floatsOf, heapViews, intsOf, reshaped, type WasmBackend } from "../../heap.ts";
import { kernel, type WasmKernel } from "../../kernel.ts";
import { transposeMatrix } from "../../transpose-matrix.ts";

interface Inputs {
  readonly x: TensorInfo;
}

interface Attributes {
  readonly perm: readonly number[];
}

/** The same permutation with fewer axes: those of length 1 dropped, those that stay neighbours merged. */
export function simplified(
  shape: readonly number[],
  perm: readonly number[],
): { readonly shape: readonly number[]; readonly perm: readonly number[] } {
  const groups: number[][] = [];
  for (const axis of perm.filter((axis) => shape[axis] !== 1)) {
    const group = groups.at(-1);
    const before = group?.at(-1);
    const gap = before === undefined ? [0] : shape.slice(before + 1, axis);
    if (group && before !== undefined && axis > before && gap.every((length) => length === 1))
      group.push(axis);
    else groups.push([axis]);
  }
  const order = groups.map((_, i) => i).sort((i, j) => groups[i]![0]! - groups[j]![0]!);
  return {
    shape: order.map((i) => sizeOf(groups[i]!.map((axis) => shape[axis]!))),
    perm: groups.map((_, i) => order.indexOf(i)),
  };
}

/** Moves whole runs when the last axis stays last. */
function moveRuns(
  backend: WasmBackend,
  x: TensorInfo,
  out: TensorInfo,
  { shape, perm }: { readonly shape: readonly number[]; readonly perm: readonly number[] },
): void {
  const heap = heapViews(backend);
  const run = shape.at(-1)! * 4;
  const strides = perm.map((axis) => sizeOf(shape.slice(axis + 1)) * 4);
  let target = addressOf(backend, out);
  const copy = (depth: number, source: number): void => {
    if (depth === perm.length - 1) {
      copyBytes(heap, target, source, run);
      target += run;
      return;
    }
    const length = shape[perm[depth]!]!;
    for (let i = 0; i < length; i++) copy(depth + 1, source + i * strides[depth]!);
  };
  copy(0, addressOf(backend, x));
}

/** Ranks up to which the stock kernel has loops of its own. */
const STOCK_RANK = 4;

/** Axes in another order; (batched) matrix transposes go by cache blocks, the rest with as few axes as can be. */
export const transpose: WasmKernel = kernel<Inputs, Attributes>(
  Transpose,
  "slow: matrix transposes go against the cache, more than 4 axes by index arithmetic",
  ({ inputs: { x }, attrs, backend, stock }) => {
    if ((x.dtype !== "float32" && x.dtype !== "int32") || sizeOf(x.shape) === 0) return stock();
    const plan = simplified(x.shape, attrs.perm);
    const { shape, perm } = plan;
    const rank = perm.length;
    const outShape = attrs.perm.map((axis) => x.shape[axis]!);
    if (rank <= 1) return reshaped(backend, x, outShape);
    const swap = perm.every((axis, i) => axis === (i < rank - 2 ? i : 2 * rank - 3 - i));
    const runs = perm[rank - 1] === rank - 1;
    if (!swap && (!runs || rank <= STOCK_RANK)) {
      return { ...stock({ perm }, { x: { ...x, shape: [...shape] } }), shape: outShape };
    }
    const out = backend.makeOutput(outShape, x.dtype);
    if (runs) {
      moveRuns(backend, x, out, plan);
      return out;
    }
    const view = x.dtype === "int32" ? intsOf : floatsOf;
    const [from, to] = [view(backend, x), view(backend, out)];
    const [rows, columns] = shape.slice(-2) as [number, number];
    for (let start = 0; start < from.length; start += rows * columns) {
      const dense = { source: start, sourcePitch: columns, target: start, targetPitch: rows };
      transposeMatrix(to, from, { rows, columns, ...dense });
    }
    return out;
  },
);

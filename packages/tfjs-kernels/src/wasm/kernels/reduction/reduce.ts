import { AvgPool, backend_util, type TensorInfo, util } from "@tensorflow/tfjs-core";
import { sizeOf } from "../../../size-of.ts";
import { floatsOf, type WasmBackend } from "../../heap.ts";
import { call } from "../../kernel.ts";

/** Terms that one float32 pooling window may hold; windows are gathered in float64. */
const WINDOW = 256;
/** Elements below which a plain loop beats setting up XNNPACK. */
const SMALL = 4096;
/** Columns into which one long contiguous sum is folded. */
const FOLD = 64;

/** Lengths [kept, summed, kept, summed, …] after merging neighbouring axes of the same kind. */
function alternating(shape: readonly number[], axes: ReadonlySet<number>): number[] {
  const lengths = [1];
  shape.forEach((length, axis) => {
    if (length === 1) return;
    const summed = axes.has(axis);
    if (summed !== (lengths.length % 2 === 0)) lengths.push(1);
    lengths[lengths.length - 1]! *= length;
  });
  return lengths;
}

/** Sum of `count` neighbours in float64; four chains, since one would wait for every addition. */
function sumRun(x: Float32Array | Float64Array, start: number, count: number): number {
  let [a, b, c, d] = [0, 0, 0, 0];
  const end = start + count;
  let i = start;
  for (; i + 3 < end; i += 4) {
    a += x[i]!;
    b += x[i + 1]!;
    c += x[i + 2]!;
    d += x[i + 3]!;
  }
  for (; i < end; i++) a += x[i]!;
  return a + b + (c + d);
}

/** Largest window that divides the rows; 1 when they have no useful divisor. */
function windowOf(rows: number): number {
  for (let window = Math.min(rows, WINDOW); window >= 8; window--) {
    if (rows % window === 0) return window;
  }
  return 1;
}

/** Averages each window of rows of x, seen as [rows, columns], with XNNPACK's pooling: a tenth of the time of a loop. */
function pooled(
  backend: WasmBackend,
  x: TensorInfo,
  rows: number,
  columns: number,
  window: number,
): TensorInfo {
  const seen = { ...x, shape: [rows / window, window, 1, columns] };
  return call(backend, AvgPool, { x: seen }, { filterSize: [window, 1], strides: 1, pad: "valid" });
}

/**
 * Sum or mean of float32 x over `axis`, without a transpose; partial sums in float64.
 *
 * @returns undefined when kept and summed axes alternate more than [kept, summed, kept, summed]
 */
export function reduceSum(
  backend: WasmBackend,
  x: TensorInfo,
  axis: number | number[],
  options: { readonly keepDims: boolean; readonly mean: boolean },
): TensorInfo | undefined {
  const axes = util.parseAxisParam(axis, x.shape);
  const lengths = alternating(x.shape, new Set(axes));
  if (lengths.length > 4 || sizeOf(x.shape) === 0) return undefined;
  let [outer, rows = 1, inner = 1, run = 1] = lengths as [number, number?, number?, number?];
  const scale = options.mean ? 1 / (rows * run) : 1;
  if (inner === 1 && run === 1 && rows >= 8 * FOLD && rows % FOLD === 0) {
    rows /= FOLD;
    run = FOLD;
  }
  const [outShape] = backend_util.computeOutAndReduceShapes(x.shape, axes);
  const shape = options.keepDims ? backend_util.expandShapeToKeepDim(outShape, axes) : outShape;
  const out = backend.makeOutput(shape, "float32");
  if (inner === 1 && run === 1) {
    const from = floatsOf(backend, x);
    const to = floatsOf(backend, out);
    for (let i = 0; i < outer; i++) to[i] = sumRun(from, i * rows, rows) * scale;
    return out;
  }
  const columns = inner * run;
  const window = sizeOf(x.shape) < SMALL ? 1 : windowOf(rows);
  const part = window > 1 ? pooled(backend, x, outer * rows, columns, window) : x;
  const from = floatsOf(backend, part);
  const to = floatsOf(backend, out);
  const sums = new Float64Array(columns);
  for (let i = 0, p = 0; i < outer; i++) {
    sums.fill(0);
    for (let row = 0; row < rows; row += window) {
      for (let j = 0; j < columns; j++, p++) sums[j]! += from[p]!;
    }
    for (let j = 0; j < inner; j++) to[i * inner + j] = sumRun(sums, j * run, run) * scale * window;
  }
  if (part !== x) backend.disposeData(part.dataId);
  return out;
}

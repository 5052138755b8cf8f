import { backend_util, type TensorInfo, util } from "@tensorflow/tfjs-core";
import { gemm } from "./gemm.ts";
import { addressOf, floatsOf, scratch, sizeOf, type WasmBackend } from "./heap.ts";

/** Rows per product with a row of ones; longer columns are summed on in float64. */
const ROWS = 512;
/** Elements below which a plain loop beats setting up XNNPACK. */
const SMALL = 4096;

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

/** Adds the rows of a [rows, columns] block at element `start` of x into `sums`. */
type AddRows = (start: number, rows: number, sums: Float64Array) => void;

/** Column sums: products with a row of ones in XNNPACK, at most {@link ROWS} terms each, gathered in float64. */
function rowAdder(
  backend: WasmBackend,
  x: TensorInfo,
  columns: number,
  rows: number,
): { add: AddRows; release(): void } {
  if (rows * columns < SMALL || rows < 8) {
    const view = floatsOf(backend, x);
    const add: AddRows = (start, count, sums) => {
      for (let i = 0, p = start; i < count; i++) {
        for (let j = 0; j < columns; j++, p++) sums[j]! += view[p]!;
      }
    };
    return { add, release: () => undefined };
  }
  const ones = scratch(backend, ROWS);
  const partial = scratch(backend, columns);
  floatsOf(backend, ones).fill(1);
  const add: AddRows = (start, count, sums) => {
    for (let first = 0; first < count; first += ROWS) {
      const part = Math.min(ROWS, count - first);
      const block = addressOf(backend, x) + (start + first * columns) * 4;
      gemm(backend, addressOf(backend, ones), block, addressOf(backend, partial), 1, part, columns);
      const found = floatsOf(backend, partial);
      for (let j = 0; j < columns; j++) sums[j]! += found[j]!;
    }
  };
  const release = (): void => {
    backend.disposeData(ones.dataId);
    backend.disposeData(partial.dataId);
  };
  return { add, release };
}

/**
 * `scale` times the sum of float32 x over `axis`, without a transpose; partial sums in float64.
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
  const [outer, rows = 1, inner = 1, run = 1] = lengths as [number, number?, number?, number?];
  const [outShape] = backend_util.computeOutAndReduceShapes(x.shape, axes);
  const shape = options.keepDims ? backend_util.expandShapeToKeepDim(outShape, axes) : outShape;
  const out = backend.makeOutput(shape, "float32");
  const scale = options.mean ? 1 / (rows * run) : 1;
  if (inner === 1 && run === 1) {
    const from = floatsOf(backend, x);
    const to = floatsOf(backend, out);
    for (let i = 0; i < outer; i++) to[i] = sumRun(from, i * rows, rows) * scale;
    return out;
  }
  const columns = inner * run;
  const sums = new Float64Array(columns);
  const adder = rowAdder(backend, x, columns, rows);
  for (let i = 0; i < outer; i++) {
    sums.fill(0);
    adder.add(i * rows * columns, rows, sums);
    const to = floatsOf(backend, out);
    for (let j = 0; j < inner; j++) to[i * inner + j] = sumRun(sums, j * run, run) * scale;
  }
  adder.release();
  return out;
}

import { BatchMatMul, broadcast_util, type TensorInfo } from "@tensorflow/tfjs-core";
import { sizeOf } from "../../../size-of.ts";
import { gemm, rightMatrix } from "../../gemm.ts";
import { addressOf, floatsOf, scratch, type WasmBackend } from "../../heap.ts";
import { kernel, type WasmKernel } from "../../kernel.ts";
import { refuse } from "../../refuse.ts";
import { transposeMatrix } from "../../transpose-matrix.ts";

/** Inputs and attributes of a matrix product. */
export interface MatMulInputs {
  readonly a: TensorInfo;
  readonly b: TensorInfo;
}

/** As tfjs-core passes them. */
export interface MatMulAttributes {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

/** Shape under which XNNPACK first packed a right-hand matrix; the stock kernel never looks at it again. */
const packedAs = new WeakMap<object, string>();

/**
 * Whether the stock kernel may be trusted with this product: two plain matrices, and b either never packed or packed
 * under this very shape. Then its packed copy is reused as long as b lives (weights while sampling).
 */
export function stockIsRight({ a, b }: MatMulInputs, { transposeA, transposeB }: MatMulAttributes): boolean {
  const plain = sizeOf(a.shape.slice(0, -2)) === 1 && sizeOf(b.shape.slice(0, -2)) === 1;
  if (!plain || transposeA || transposeB || sizeOf(a.shape) === 0 || sizeOf(b.shape) === 0) return false;
  const shape = b.shape.slice(-2).join();
  const known = packedAs.get(b.dataId);
  if (known === undefined) packedAs.set(b.dataId, shape);
  return known === undefined || known === shape;
}

/** The index of a batch item after broadcasting, one per item of the output. */
function batchItems(own: readonly number[], out: readonly number[]): Int32Array {
  const items = new Int32Array(sizeOf(out));
  let block = items.length;
  let stride = sizeOf(own);
  out.forEach((length, axis) => {
    block /= length;
    const size = own[axis - out.length + own.length] ?? 1;
    stride /= size;
    if (size > 1)
      items.forEach((item, i) => {
        items[i] = item + (Math.floor(i / block) % length) * stride;
      });
  });
  return items;
}

/** K of a product [M, K] · [K, N]. */
function innerLength({ a, b }: MatMulInputs, { transposeA, transposeB }: MatMulAttributes): number {
  const ofA = a.shape.at(transposeA ? -2 : -1)!;
  const ofB = b.shape.at(transposeB ? -1 : -2)!;
  if (ofA === ofB) return ofA;
  const given = `got a [${a.shape}] and b [${b.shape}], transposed ${transposeA} and ${transposeB},`;
  return refuse(BatchMatMul, `${given} expected equal inner lengths.`, "Check the shapes.");
}

/** a [..., M, K] · b [..., K, N], one XNNPACK product per batch item, transposed operands copied first. */
export function multiply(backend: WasmBackend, { a, b }: MatMulInputs, attrs: MatMulAttributes): TensorInfo {
  const { transposeA, transposeB } = attrs;
  const [aRows, aColumns] = a.shape.slice(-2) as [number, number];
  const [bRows, bColumns] = b.shape.slice(-2) as [number, number];
  const rows = transposeA ? aColumns : aRows;
  const columns = transposeB ? bRows : bColumns;
  const shared = innerLength({ a, b }, attrs);
  const aBatch = a.shape.slice(0, -2);
  const bBatch = b.shape.slice(0, -2);
  const batch = broadcast_util.assertAndGetBroadcastShape(aBatch, bBatch);
  const out = backend.makeOutput([...batch, rows, columns], "float32");
  if (sizeOf(out.shape) === 0) return out;
  if (shared === 0) {
    floatsOf(backend, out).fill(0);
    return out;
  }

  const aTurned = transposeA ? scratch(backend, rows * shared) : undefined;
  const bTurned = transposeB ? scratch(backend, shared * columns) : undefined;
  const target = addressOf(backend, out);
  /** Address of a batch item, or of its transposed copy. */
  const operand = (
    x: TensorInfo,
    item: number,
    height: number,
    width: number,
    turned?: TensorInfo,
  ): number => {
    if (!turned) return addressOf(backend, x) + item * height * width * 4;
    const source = item * height * width;
    transposeMatrix(floatsOf(backend, turned), floatsOf(backend, x), {
      rows: height, columns: width, source, sourcePitch: width, target: 0, targetPitch: height,
    }); // biome-ignore format: one table
    return addressOf(backend, turned);
  };

  if (sizeOf(bBatch) === 1) {
    const right = rightMatrix(backend, operand(b, 0, bRows, bColumns, bTurned), shared, columns);
    if (transposeA) {
      for (let item = 0; item < sizeOf(batch); item++) {
        right.multiply(operand(a, item, aRows, aColumns, aTurned), target + item * rows * columns * 4, rows);
      }
    } else {
      right.multiply(addressOf(backend, a), target, sizeOf(batch) * rows);
    }
    right.release();
  } else {
    const aItems = batchItems(aBatch, batch);
    const bItems = batchItems(bBatch, batch);
    for (let item = 0; item < aItems.length; item++) {
      const left = operand(a, aItems[item]!, aRows, aColumns, aTurned);
      const right = operand(b, bItems[item]!, bRows, bColumns, bTurned);
      gemm(backend, left, right, target + item * rows * columns * 4, rows, shared, columns);
    }
  }
  if (aTurned) backend.disposeData(aTurned.dataId);
  if (bTurned) backend.disposeData(bTurned.dataId);
  return out;
}

/** Multiplications per batch item below which setting up XNNPACK costs more than the stock scalar loop. */
const TINY = 4096;

/** Matrix product a [..., M, K] · b [..., K, N] with broadcasting batches and optional transposes. */
export const batchMatMul: WasmKernel = kernel<MatMulInputs, MatMulAttributes>(
  BatchMatMul,
  "slow: scalar loops for batches and transposes; wrong: a reshaped b meets the packing of its first shape",
  ({ inputs, attrs, backend, stock }) => {
    const { a, b } = inputs;
    if (a.dtype !== "float32" || b.dtype !== "float32") return stock();
    if (stockIsRight(inputs, attrs)) return stock();
    const batched =
      sizeOf(b.shape.slice(0, -2)) > 1 && a.shape.slice(0, -2).join() === b.shape.slice(0, -2).join();
    const work =
      a.shape.slice(-2).reduce((size, length) => size * length) *
      (b.shape.at(attrs.transposeB ? -2 : -1) ?? 1);
    if (batched && work < TINY && sizeOf(a.shape) > 0 && sizeOf(b.shape) > 0) return stock();
    return multiply(backend, inputs, attrs);
  },
);

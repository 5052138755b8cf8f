import { borrow, giveBack, type WasmBackend } from "./heap.ts";

type BatchMatMul = (
  a: number,
  aShape: Uint8Array,
  aRank: number,
  b: number,
  bShape: Uint8Array,
  bRank: number,
  transposeA: number,
  transposeB: number,
  out: number,
) => void;

const wrapped = new WeakMap<WasmBackend, BatchMatMul>();

/** The C++ entry point: XNNPACK's fully-connected operator when both batches are 1 and nothing is transposed. */
function matMulOf(backend: WasmBackend): BatchMatMul {
  let entry = wrapped.get(backend);
  if (!entry) {
    const types = ["number", "array", "number", "number", "array", "number", "number", "number", "number"];
    entry = backend.wasm.cwrap("BatchMatMul", null, types) as unknown as BatchMatMul;
    wrapped.set(backend, entry);
  }
  return entry;
}

const cShape = (rows: number, columns: number): Uint8Array =>
  new Uint8Array(Int32Array.of(1, rows, columns).buffer);

/** A right-hand matrix that XNNPACK packs once, at the first product. */
export interface RightMatrix {
  /** out[M, N] = a[M, K] · b[K, N]; both are byte addresses of row-major float32. */
  multiply(a: number, out: number, rows: number): void;
  /** Frees the packed copy. */
  release(): void;
}

/**
 * Prepares b[K, N], row-major float32 at byte address `b`, for products.
 *
 * XNNPACK's packed copy is keyed by tensor id alone, so every call takes a fresh id: reusing the id of a
 * tensor that was multiplied under another shape would give that shape's packing.
 */
export function rightMatrix(backend: WasmBackend, b: number, shared: number, columns: number): RightMatrix {
  const matMul = matMulOf(backend);
  const right = borrow(backend, b, [shared, columns]);
  const rightId = backend.dataIdMap.get(right.dataId).id;
  const rightShape = cShape(shared, columns);
  return {
    multiply(a, out, rows) {
      const left = borrow(backend, a, [rows, shared]);
      const result = borrow(backend, out, [rows, columns]);
      const leftId = backend.dataIdMap.get(left.dataId).id;
      const resultId = backend.dataIdMap.get(result.dataId).id;
      matMul(leftId, cShape(rows, shared), 3, rightId, rightShape, 3, 0, 0, resultId);
      giveBack(backend, left);
      giveBack(backend, result);
    },
    release: () => giveBack(backend, right),
  };
}

/** out[M, N] = a[M, K] · b[K, N] on byte addresses of row-major float32; all sizes at least 1. */
export function gemm(
  backend: WasmBackend,
  a: number,
  b: number,
  out: number,
  rows: number,
  shared: number,
  columns: number,
): void {
  const right = rightMatrix(backend, b, shared, columns);
  right.multiply(a, out, rows);
  right.release();
}

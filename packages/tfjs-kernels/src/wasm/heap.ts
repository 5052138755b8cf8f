import type { DataType, TensorInfo } from "@tensorflow/tfjs-core";
import { sizeOf } from "../size-of.ts";

/** What the backend knows about one buffer. */
export interface HeapEntry {
  /** Number under which the C++ side knows it. */
  readonly id: number;
  /** Byte offset in the heap. */
  readonly memoryOffset: number;
}

/** The part of `BackendWasm` (tfjs-backend-wasm 4.x) that these kernels rely on. */
export interface WasmBackend {
  readonly wasm: {
    /** Replaced by emscripten whenever the heap grows: read it after the last allocation, never keep it. */
    readonly HEAPU8: Uint8Array;
    cwrap(name: string, result: null, parameters: readonly string[]): (...values: unknown[]) => void;
    readonly tfjs: { disposeData(id: number): void };
  };
  readonly dataIdMap: { get(dataId: object): HeapEntry; delete(dataId: object): boolean };
  /** Allocates, uncleared; with `memoryOffset` it names memory that is already there. */
  makeOutput(shape: readonly number[], dtype: DataType, memoryOffset?: number): TensorInfo;
  disposeData(dataId: object): boolean;
  incRef(dataId: object): void;
}

/** Byte offset of a tensor in the heap. */
export const addressOf = (backend: WasmBackend, x: TensorInfo): number =>
  backend.dataIdMap.get(x.dataId).memoryOffset;

/** A view of a float32 tensor; any later allocation may detach it. */
export const floatsOf = (backend: WasmBackend, x: TensorInfo): Float32Array =>
  new Float32Array(backend.wasm.HEAPU8.buffer, addressOf(backend, x), sizeOf(x.shape));

/** A view of an int32 tensor; any later allocation may detach it. */
export const intsOf = (backend: WasmBackend, x: TensorInfo): Int32Array =>
  new Int32Array(backend.wasm.HEAPU8.buffer, addressOf(backend, x), sizeOf(x.shape));

/** Uncleared float32 memory for the length of one kernel; hand it to `backend.disposeData`. */
export const scratch = (backend: WasmBackend, size: number): TensorInfo =>
  backend.makeOutput([Math.max(size, 1)], "float32");

/** The same buffer under another shape of equal size; both must be disposed of. */
export function reshaped(backend: WasmBackend, x: TensorInfo, shape: readonly number[]): TensorInfo {
  backend.incRef(x.dataId);
  return { dataId: x.dataId, shape: [...shape], dtype: x.dtype };
}

/** Names heap memory that someone else owns, float32; hand it to {@link giveBack}, never to `disposeData`. */
export const borrow = (backend: WasmBackend, address: number, shape: readonly number[]): TensorInfo =>
  backend.makeOutput(shape, "float32", address);

/** Ends a {@link borrow} and drops whatever XNNPACK packed for it; the memory stays. */
export function giveBack(backend: WasmBackend, x: TensorInfo): void {
  backend.wasm.tfjs.disposeData(backend.dataIdMap.get(x.dataId).id);
  backend.dataIdMap.delete(x.dataId);
}

/** Bytes per element of the types that live in the heap. */
export const bytesPer = (dtype: string): number => (dtype === "bool" ? 1 : 4);

/** Copies `bytes` within the heap; short runs of words by hand, since each `copyWithin` costs tens of nanoseconds. */
export function copyBytes(
  heap: { readonly bytes: Uint8Array; readonly words: Int32Array },
  to: number,
  from: number,
  bytes: number,
): void {
  if (bytes > 96 || ((to | from | bytes) & 3) !== 0) {
    heap.bytes.copyWithin(to, from, from + bytes);
    return;
  }
  const words = heap.words;
  const last = (from + bytes) / 4;
  for (let source = from / 4, target = to / 4; source < last; source++, target++) {
    words[target] = words[source]!;
  }
}

/** Whole-heap views for {@link copyBytes}; valid until the next allocation. */
export const heapViews = (
  backend: WasmBackend,
): { readonly bytes: Uint8Array; readonly words: Int32Array } => ({
  bytes: backend.wasm.HEAPU8,
  words: new Int32Array(backend.wasm.HEAPU8.buffer),
});

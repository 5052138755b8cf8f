import { fail } from "../errors.ts";
import type { Numbers } from "../runtime/runtime.ts";
import type { DType } from "./shape.ts";

/** Recycles the memory of tensors: fresh pages cost more than the arithmetic that fills them. */
export interface BufferPool {
  take(dtype: DType, length: number): Numbers;
  give(buffer: Numbers): void;
  /** Idle bytes in the pool. */
  idleBytes(): number;
  clear(): void;
}

/** Makes an empty pool that keeps at most `maxIdleBytes`. */
export function bufferPool(maxIdleBytes: number): BufferPool {
  const free = new Map<string, Numbers[]>();
  let idle = 0;
  const kind = (buffer: Numbers): string =>
    buffer instanceof Float32Array ? "float32" : buffer instanceof Int32Array ? "int32" : "bool";
  return {
    take: (dtype, length) => {
      const found = free.get(`${dtype} ${length}`)?.pop();
      if (found) {
        idle -= found.byteLength;
        return found;
      }
      return allocate(dtype, length);
    },
    give: (buffer) => {
      if (idle + buffer.byteLength > maxIdleBytes) {
        free.clear();
        idle = 0;
      }
      const key = `${kind(buffer)} ${buffer.length}`;
      const list = free.get(key);
      if (list) list.push(buffer);
      else free.set(key, [buffer]);
      idle += buffer.byteLength;
    },
    idleBytes: () => idle,
    clear: () => {
      free.clear();
      idle = 0;
    },
  };
}

/** Zeroed memory for a tensor. */
export function allocate(dtype: DType, length: number): Numbers {
  try {
    if (dtype === "float32") return new Float32Array(length);
    return dtype === "int32" ? new Int32Array(length) : new Uint8Array(length);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    return fail(
      "tfjs-backend-onnx/buffers",
      `there is no room for a ${dtype} tensor of ${length} elements`,
      "Take smaller batches, or dispose what is not needed.",
    );
  }
}

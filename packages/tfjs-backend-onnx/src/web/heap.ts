import type { OrtModule } from "./module.ts";

/** Alignment of what goes into the heap: a cache line. */
const ALIGNMENT = 64;

/** One stretch of the module's memory, filled from its start. */
export interface Block {
  /** Reserves bytes and returns their address. */
  reserve(bytes: number): number;
  free(): void;
}

/** Bytes that a reservation takes. */
export function padded(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}

/**
 * Takes memory for a run.
 *
 * @param bytes the sum of {@link padded} sizes of what will be reserved
 */
export function takeBlock(module: OrtModule, bytes: number): Block {
  const start = module._malloc(bytes + ALIGNMENT);
  if (start === 0)
    throw new Error(
      `out of memory: ${Math.ceil(bytes / 2 ** 20)} MiB more do not fit into WebAssembly's memory`,
    );
  let at = padded(start);
  return {
    reserve: (size) => {
      const address = at;
      at += padded(size);
      return address;
    },
    free: () => module._free(start),
  };
}

/** The module's memory as it is now; it grows, also at the hands of other threads, and older views do not see that. */
export function heapOf(module: OrtModule): Uint8Array {
  module.getValue(0, "i32");
  return module.HEAPU8;
}

/** The bytes of a typed array. */
export function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** A text in the module's memory, to be freed by the caller. */
export function cText(module: OrtModule, text: string): number {
  const bytes = module.lengthBytesUTF8(text) + 1;
  const pointer = module._malloc(bytes);
  module.stringToUTF8(text, pointer, bytes);
  return pointer;
}

/** Writes numbers of 32 bits. */
export function writeInts(module: OrtModule, pointer: number, values: readonly number[]): void {
  for (const [i, value] of values.entries()) module.setValue(pointer + 4 * i, value, "i32");
}

/** What ONNX Runtime says of the last failure. */
export function lastError(module: OrtModule): Error {
  const pointer = module._malloc(8);
  module._OrtGetLastError(pointer, pointer + 4);
  const message = module.getValue(pointer + 4, "*");
  const error = new Error(message === 0 ? "unknown failure" : module.UTF8ToString(message));
  module._free(pointer);
  return error;
}

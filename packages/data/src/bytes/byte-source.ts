import { fail } from "@ddpm/core";

/** Bytes that can be read from any place: a file, a Blob, an array. */
export interface ByteSource {
  /** What messages call it. */
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /**
   * A copy of `length` bytes from `start`.
   *
   * @throws DdpmError naming the source that ends before
   */
  read(start: number, length: number): Promise<Uint8Array>;
}

/** A {@link ByteSource} of bytes in memory. */
export function bytesSource(name: string, bytes: Uint8Array): ByteSource {
  return {
    name,
    size: bytes.length,
    read: async (start, length) => {
      checkPart({ name, size: bytes.length }, start, length);
      return bytes.slice(start, start + length);
    },
  };
}

/** A {@link ByteSource} of a Blob or a browser's File. */
export function blobSource(name: string, blob: Blob): ByteSource {
  return {
    name,
    size: blob.size,
    read: async (start, length) => {
      checkPart({ name, size: blob.size }, start, length);
      return new Uint8Array(await blob.slice(start, start + length).arrayBuffer());
    },
  };
}

/** @throws DdpmError for a part that is not within the source */
export function checkPart(
  { name, size }: Pick<ByteSource, "name" | "size">,
  start: number,
  length: number,
): void {
  if (start >= 0 && length >= 0 && start + length <= size) return;
  fail("data/files", `${name} ends at ${size}, before ${start + length}.`);
}

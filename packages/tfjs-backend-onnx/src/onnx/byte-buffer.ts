/** Bytes that are appended, in a buffer that grows. */
export interface ByteBuffer {
  /** Number of bytes so far. */
  length(): number;
  byte(value: number): void;
  bytes(values: Uint8Array): void;
  float32(value: number): void;
  /** Appends `count` bytes to be filled in later, and returns where they begin. */
  gap(count: number): number;
  /** Changes a byte that is there. */
  put(at: number, value: number): void;
  /** What has been appended; a view of the buffer. */
  view(): Uint8Array;
}

/** Makes an empty buffer, whose memory doubles when it is full. */
export function byteBuffer(initialBytes: number): ByteBuffer {
  let buffer = new Uint8Array(initialBytes);
  let view = new DataView(buffer.buffer);
  let end = 0;
  // A call of its own before each write: a minifier of Next.js reads `buffer` in `buffer[gap(1)]` before the call replaces it.
  const makeRoom = (count: number): void => {
    if (end + count <= buffer.length) return;
    const grown = new Uint8Array(Math.max(buffer.length * 2, end + count));
    grown.set(buffer);
    buffer = grown;
    view = new DataView(buffer.buffer);
  };
  return {
    length: () => end,
    byte: (value) => {
      makeRoom(1);
      buffer[end++] = value;
    },
    bytes: (values) => {
      makeRoom(values.length);
      buffer.set(values, end);
      end += values.length;
    },
    float32: (value) => {
      makeRoom(4);
      view.setFloat32(end, value, true);
      end += 4;
    },
    gap: (count) => {
      makeRoom(count);
      end += count;
      return end - count;
    },
    put: (at, value) => {
      buffer[at] = value;
    },
    view: () => buffer.subarray(0, end),
  };
}

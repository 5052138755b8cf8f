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
  const gap = (count: number): number => {
    const at = end;
    end += count;
    if (end > buffer.length) {
      const grown = new Uint8Array(Math.max(buffer.length * 2, end));
      grown.set(buffer);
      buffer = grown;
      view = new DataView(buffer.buffer);
    }
    return at;
  };
  return {
    length: () => end,
    byte: (value) => {
      const at = gap(1);
      buffer[at] = value;
    },
    bytes: (values) => {
      const at = gap(values.length);
      buffer.set(values, at);
    },
    float32: (value) => {
      const at = gap(4);
      view.setFloat32(at, value, true);
    },
    gap,
    put: (at, value) => {
      buffer[at] = value;
    },
    view: () => buffer.subarray(0, end),
  };
}

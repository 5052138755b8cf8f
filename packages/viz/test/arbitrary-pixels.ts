import fc from "fast-check";
import type { Pixels } from "../src/index.ts";

/** Any small picture of 1, 3 or 4 channels. */
export const arbitraryPixels: fc.Arbitrary<Pixels> = fc
  .record({
    width: fc.integer({ min: 1, max: 9 }),
    height: fc.integer({ min: 1, max: 9 }),
    channels: fc.constantFrom(1, 3, 4),
  })
  .chain(({ width, height, channels }) => {
    const size = width * height * channels;
    return fc
      .uint8Array({ minLength: size, maxLength: size })
      .map((bytes) => ({ width, height, channels, data: new Uint8ClampedArray(bytes) }));
  });

/** A grey picture from rows of bytes. */
export function grey(...rows: readonly (readonly number[])[]): Pixels {
  return {
    width: rows[0]!.length,
    height: rows.length,
    channels: 1,
    data: new Uint8ClampedArray(rows.flat()),
  };
}

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { flatten, interleave } from "../src/authoring.ts";
import { enlarge, grid, type Pixels, strip } from "../src/index.ts";
import { arbitraryPixels, grey } from "./arbitrary-pixels.ts";

const rows = ({ width, height, data }: Pixels) =>
  Array.from({ length: height }, (_, y) => [...data.subarray(y * width, (y + 1) * width)]);

describe("grid", () => {
  test("places pictures row by row, with padding all around and empty places at the end", () => {
    const sheet = grid([grey([1, 2]), grey([3, 4]), grey([5, 6])], { columns: 2, padding: 1, background: 9 });
    expect(rows(sheet)).toEqual([
      [9, 9, 9, 9, 9, 9, 9],
      [9, 1, 2, 9, 3, 4, 9],
      [9, 9, 9, 9, 9, 9, 9],
      [9, 5, 6, 9, 9, 9, 9],
      [9, 9, 9, 9, 9, 9, 9],
    ]);
  });

  test("enlarges the pictures and not the padding", () => {
    expect(rows(grid([grey([1, 2])], { padding: 1, scale: 2, background: 0 }))).toEqual([
      [0, 0, 0, 0, 0, 0],
      [0, 1, 1, 2, 2, 0],
      [0, 1, 1, 2, 2, 0],
      [0, 0, 0, 0, 0, 0],
    ]);
  });

  test("takes a batch of floats and a colour per channel", () => {
    const images = { data: new Float32Array([1, -1, 0]), shape: [1, 1, 1, 3] as const };
    const sheet = grid(images, { padding: 1, background: [10, 20, 30] });
    expect([...sheet.data.subarray(0, 3)]).toEqual([10, 20, 30]);
    expect([...sheet.data.subarray(12, 15)]).toEqual([255, 0, 128]);
  });

  test("a grey background is opaque on RGBA", () => {
    const sheet = grid([{ width: 1, height: 1, channels: 4, data: new Uint8ClampedArray(4) }], {
      padding: 1,
    });
    expect([...sheet.data.subarray(0, 4)]).toEqual([255, 255, 255, 255]);
  });

  test("without options is about square", () => {
    const tiles = Array.from({ length: 5 }, (_, i) => grey([i]));
    expect(grid(tiles, { padding: 0 })).toMatchObject({ width: 3, height: 2 });
  });

  test("one picture without padding is that picture", () => {
    fc.assert(
      fc.property(arbitraryPixels, (pixels) => {
        expect(grid([pixels], { padding: 0 })).toEqual(pixels);
      }),
    );
  });

  test("refuses no pictures, pictures of two sizes, and options out of range", () => {
    expect(() => grid([])).toThrow(/no pictures/);
    expect(() => grid([grey([1]), grey([1, 2])])).toThrow(/picture 1 of size \[1, 2, 1\]/);
    expect(() => grid([grey([1])], { columns: 0 })).toThrow(/columns 0/);
    expect(() => grid([grey([1])], { padding: -1 })).toThrow(/padding -1/);
    expect(() => grid([grey([1])], { scale: 1.5 })).toThrow(/scale 1.5/);
    expect(() => grid([grey([1])], { background: [1, 2, 3] })).toThrow(/background/);
    expect(() => grid([grey([1])], { background: 300 })).toThrow(/0 to 255/);
  });
});

describe("enlarge", () => {
  test("every pixel becomes a square of its own colour", () => {
    fc.assert(
      fc.property(arbitraryPixels, fc.integer({ min: 1, max: 4 }), (pixels, scale) => {
        const large = enlarge(pixels, scale);
        expect(large.data.length).toBe(pixels.data.length * scale * scale);
        for (let y = 0; y < large.height; y++)
          for (let x = 0; x < large.width; x++)
            for (let c = 0; c < pixels.channels; c++)
              expect(large.data[(y * large.width + x) * pixels.channels + c]).toBe(
                pixels.data[
                  (Math.floor(y / scale) * pixels.width + Math.floor(x / scale)) * pixels.channels + c
                ],
              );
      }),
      { numRuns: 30 },
    );
  });
});

describe("strip", () => {
  const tiles = Array.from({ length: 8 }, (_, i) => grey([i]));

  test("is one row of all pictures", () => {
    expect(rows(strip(tiles, { padding: 0 }))).toEqual([[0, 1, 2, 3, 4, 5, 6, 7]]);
  });

  test("shows exactly the count asked for, first and last included", () => {
    expect(rows(strip(tiles, { padding: 0, count: 3 }))).toEqual([[0, 4, 7]]);
    expect(() => strip(tiles, { count: 9 })).toThrow(/9 stages of 8/);
  });
});

test("interleave alternates between batches", () => {
  expect(interleave([1, 2, 3], [10, 20, 30])).toEqual([1, 10, 2, 20, 3, 30]);
  expect(() => interleave([1], [])).toThrow(/1 and 0/);
});

test("flatten lays RGBA over the ground", () => {
  const pixels = {
    width: 3,
    height: 1,
    channels: 4,
    data: new Uint8ClampedArray([9, 9, 9, 0, 10, 20, 30, 255, 0, 0, 0, 51]),
  };
  expect([...flatten(pixels, 100).data]).toEqual([100, 100, 100, 10, 20, 30, 80, 80, 80]);
});

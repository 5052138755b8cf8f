import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { gif, type Pixels } from "../src/index.ts";
import { grey } from "./arbitrary-pixels.ts";
import { readGif } from "./gif-reader.ts";

/** A film in which every pixel of every frame has a colour of its own, near a colour ramp. */
function colourful(frames: number, side: number): Pixels[] {
  return Array.from({ length: frames }, (_, f) => ({
    width: side,
    height: side,
    channels: 3,
    data: Uint8ClampedArray.from({ length: side * side * 3 }, (_, i) => {
      const pixel = Math.floor(i / 3);
      return [(pixel % side) * (255 / side), Math.floor(pixel / side) * (255 / side), 40 * f][i % 3]!;
    }),
  }));
}

describe("gif", () => {
  test("says size, frames, times and loop", () => {
    const content = readGif(
      gif([grey([1, 2, 3], [4, 5, 6]), grey([6, 5, 4], [3, 2, 1])], { delayMs: 70, holdLastMs: 900 }),
    );
    expect(content).toMatchObject({ width: 3, height: 2, repeat: 0, localPalettes: false });
    expect(content.frames.map(({ delayMs }) => delayMs)).toEqual([70, 900]);
  });

  test("loop counts how often it plays", () => {
    const repeat = (loop: number) => readGif(gif([grey([1]), grey([2])], { loop })).repeat;
    expect(repeat(1)).toBeUndefined();
    expect(repeat(2)).toBe(1);
    expect(repeat(65536)).toBe(65535);
  });

  test("the last frame stays longer by default", () => {
    const times = (frames: number, options = {}) =>
      readGif(
        gif(
          Array.from({ length: frames }, () => grey([1])),
          options,
        ),
      ).frames.map(({ delayMs }) => delayMs);
    expect(times(3)).toEqual([100, 100, 1500]);
    expect(times(1, { delayMs: 40 })).toEqual([40]);
    expect(times(2, { delayMs: 2000 })).toEqual([2000, 2000]);
  });

  test("grey films are exact, all 256 levels", () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ minLength: 48, maxLength: 48 }), { minLength: 1, maxLength: 4 }),
        (films) => {
          const frames = films.map((bytes) => ({
            width: 8,
            height: 6,
            channels: 1,
            data: new Uint8ClampedArray(bytes),
          }));
          const content = readGif(gif(frames));
          expect(content.frames.map(({ rgb }) => rgb)).toEqual(
            films.map((bytes) => [...bytes].flatMap((v) => [v, v, v])),
          );
        },
      ),
      { numRuns: 30 },
    );
    const all = {
      width: 16,
      height: 16,
      channels: 1,
      data: Uint8ClampedArray.from({ length: 256 }, (_, i) => i),
    };
    expect(readGif(gif([all])).frames[0]!.rgb).toEqual([...all.data].flatMap((v) => [v, v, v]));
  });

  test("up to 256 colours over the whole film are exact", () => {
    const frames = colourful(4, 8);
    expect(readGif(gif(frames)).frames.map(({ rgb }) => rgb)).toEqual(frames.map(({ data }) => [...data]));
  });

  test("more colours share one palette and stay close", () => {
    const frames = colourful(5, 32);
    const content = readGif(gif(frames));
    expect(content.localPalettes).toBe(false);
    let worst = 0;
    for (const [f, { rgb }] of content.frames.entries())
      for (const [i, value] of rgb.entries()) worst = Math.max(worst, Math.abs(value - frames[f]!.data[i]!));
    expect(worst).toBeLessThan(40);
  });

  test("lays RGBA over white", () => {
    const data = new Uint8ClampedArray([10, 20, 30, 255, 10, 20, 30, 0]);
    expect(readGif(gif([{ width: 2, height: 1, channels: 4, data }])).frames[0]!.rgb).toEqual([
      10, 20, 30, 255, 255, 255,
    ]);
  });

  test("the same film gives the same bytes", () => {
    expect(gif(colourful(3, 20))).toEqual(gif(colourful(3, 20)));
  });

  test("refuses what the format cannot say", () => {
    expect(() => gif([])).toThrow(/no frames/);
    expect(() => gif([grey([1]), grey([1, 2])])).toThrow(/picture 1 of size/);
    expect(() => gif([grey([1])], { delayMs: 5 })).toThrow(/delayMs 5/);
    expect(() => gif([grey([1])], { holdLastMs: Number.NaN })).toThrow(/holdLastMs NaN/);
    expect(() => gif([grey([1])], { loop: 0 })).toThrow(/loop 0/);
  });
});

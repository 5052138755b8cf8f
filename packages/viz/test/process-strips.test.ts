import { describe, expect, test } from "vitest";
import type { ImageBatch } from "../src/authoring.ts";
import { forwardStrip, reverseStrip } from "../src/index.ts";

/** Frame i holds two images of one pixel: i and 100 + i. */
const frames: ImageBatch[] = Array.from({ length: 5 }, (_, i) => ({
  data: new Uint8Array([i, 100 + i]),
  shape: [2, 1, 1, 1],
}));

describe("reverseStrip", () => {
  test("one line per image, time to the right, first and last frame shown", () => {
    const sheet = reverseStrip(frames, { count: 3, padding: 0 });
    expect(sheet).toMatchObject({ width: 3, height: 2 });
    expect([...sheet.data]).toEqual([0, 2, 4, 100, 102, 104]);
  });

  test("guesses stand beneath the frames of the same image", () => {
    const guesses = frames.map(({ shape }) => ({ data: new Float32Array([1, -1]), shape }));
    const sheet = reverseStrip(frames, { guesses, count: 2, padding: 0 });
    expect(sheet).toMatchObject({ width: 2, height: 4 });
    expect([...sheet.data]).toEqual([0, 4, 255, 255, 100, 104, 0, 0]);
  });
});

describe("forwardStrip", () => {
  test("shows noise around mid-grey, and a frame without noise as mid-grey", () => {
    const noise = frames.map(({ shape }) => ({ data: new Float32Array([-4, 2]), shape }));
    const sheet = forwardStrip(frames, { noise, count: 2, padding: 0 });
    expect([...sheet.data]).toEqual([0, 4, 0, 0, 100, 104, 191, 191]);
    const none = frames.map(({ shape }) => ({ data: new Float32Array(2), shape }));
    expect([...forwardStrip(frames, { noise: none, count: 2, padding: 0 }).data].slice(-2)).toEqual([
      128, 128,
    ]);
  });

  test("refuses frames that do not belong together", () => {
    expect(() => forwardStrip([])).toThrow(/viz\/forward-strip.*no frames/);
    expect(() => forwardStrip(frames, { noise: frames.slice(1) })).toThrow(/4 frames, expected 5/);
    const other: ImageBatch = { data: new Uint8Array(3), shape: [3, 1, 1, 1] };
    expect(() => forwardStrip([...frames, other])).toThrow(/3 images at stage 5, 2 at the first/);
  });
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ansiPreview, asciiPreview } from "../src/index.ts";
import { shrink } from "../src/pixels/shrink.ts";
import { arbitraryPixels, grey } from "./arbitrary-pixels.ts";

describe("ansiPreview", () => {
  test("two pixels per character: above in front, below behind", () => {
    expect(ansiPreview(grey([1], [2]))).toBe("\x1b[38;2;1;1;1m\x1b[48;2;2;2;2m▀\x1b[0m\n");
  });

  test("colour codes are left out while they stay the same; an odd last row has no background", () => {
    expect(ansiPreview(grey([5, 5, 6]))).toBe("\x1b[38;2;5;5;5m▀▀\x1b[38;2;6;6;6m▀\x1b[0m\n");
  });

  test("wider pictures are averaged down to the columns", () => {
    expect(ansiPreview(grey([0, 10, 20, 30], [0, 10, 20, 30]), { columns: 2 })).toBe(
      "\x1b[38;2;5;5;5m▀\x1b[38;2;25;25;25m▀\x1b[0m\n",
    );
    expect(() => ansiPreview(grey([1]), { columns: 0 })).toThrow(/columns 0/);
  });
});

describe("asciiPreview", () => {
  test("maps dark to light over the ramp, one line for two rows of pixels", () => {
    expect(asciiPreview(grey([0, 127, 128, 255], [0, 127, 128, 255]), { ramp: " .oO" })).toBe(" .oO\n");
    expect(asciiPreview(grey([0, 255], [0, 255], [255, 0], [255, 0]), { ramp: "01" })).toBe("01\n10\n");
  });

  test("refuses a ramp that cannot show anything", () => {
    expect(() => asciiPreview(grey([1]), { ramp: "#" })).toThrow(/ramp of 1/);
  });
});

test("shrink keeps the mean", () => {
  const sizes = arbitraryPixels.chain((pixels) =>
    fc.tuple(
      fc.constant(pixels),
      fc.integer({ min: 1, max: pixels.width }),
      fc.integer({ min: 1, max: pixels.height }),
    ),
  );
  const mean = (values: ArrayLike<number>) =>
    Array.from(values).reduce((sum, v) => sum + v, 0) / values.length;
  fc.assert(
    fc.property(sizes, ([pixels, width, height]) => {
      if (pixels.channels === 4) return;
      expect(mean(shrink(pixels, width, height))).toBeCloseTo(mean(pixels.data), 8);
    }),
  );
});

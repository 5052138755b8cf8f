import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fittedBytes } from "../src/model/pictures/fit-picture.ts";
import {
  emptyMask,
  inverted,
  maskFrom,
  maskText,
  paintedPixels,
  withRectangle,
  withStroke,
} from "../src/model/pictures/mask.ts";
import { joined, split } from "../src/model/shipped/halves.ts";

const sizes = fc.record({ width: fc.integer({ min: 1, max: 20 }), height: fc.integer({ min: 1, max: 20 }) });

describe("masks", () => {
  it("come back from their text, and only for pictures of their size", () => {
    fc.assert(
      fc.property(sizes, fc.infiniteStream(fc.integer({ min: 0, max: 1 })), (size, bits) => {
        const paint = Uint8Array.from([...bits.take(size.width * size.height)]);
        const mask = { ...size, paint };
        expect(maskFrom(maskText(mask), size)).toEqual(mask);
        expect(maskFrom(maskText(mask), { ...size, width: size.width + 1 })).toBeUndefined();
        expect(paintedPixels(mask) + paintedPixels(inverted(mask))).toBe(paint.length);
      }),
    );
    expect(maskFrom("", { width: 2, height: 2 })).toBeUndefined();
    expect(maskFrom("2x2:!", { width: 2, height: 2 })).toBeUndefined();
  });

  it("take rectangles, cut at the edge, and give them back", () => {
    const mask = withRectangle(
      emptyMask({ width: 6, height: 4 }),
      { left: 4, top: 1, width: 9, height: 2 },
      true,
    );
    expect(paintedPixels(mask)).toBe(4);
    expect(paintedPixels(withRectangle(mask, { left: 0, top: 0, width: 5, height: 4 }, false))).toBe(2);
  });

  it("take strokes: every pixel that the brush's middle crosses, none further than its reach", () => {
    const place = fc.double({ min: 0, max: 16, noNaN: true });
    fc.assert(
      fc.property(place, place, place, place, fc.integer({ min: 1, max: 6 }), (x0, y0, x1, y1, across) => {
        const mask = withStroke(emptyMask({ width: 16, height: 16 }), [x0, y0], [x1, y1], across, true);
        for (let share = 0; share <= 1; share += 1 / 64) {
          const [x, y] = [x0 + share * (x1 - x0), y0 + share * (y1 - y0)].map((at) =>
            Math.min(15, Math.floor(at)),
          );
          expect(mask.paint[y! * 16 + x!]).toBe(1);
        }
        const reach = Math.max(across / 2, 0.71) + 0.5;
        mask.paint.forEach((one, i) => {
          const [x, y] = [(i % 16) + 0.5, Math.floor(i / 16) + 0.5];
          const outside =
            x < Math.min(x0, x1) - reach || x > Math.max(x0, x1) + reach || y < Math.min(y0, y1) - reach;
          if (outside) expect(one).toBe(0);
        });
      }),
      { numRuns: 25 },
    );
  });
});

describe("pictures at a network's size", () => {
  it("keep the mean colour of a square, and lose what a wide one has at its sides", () => {
    const data = Float32Array.from({ length: 3 * 8 * 4 }, (_, i) => {
      const x = Math.floor(i / 3) % 8;
      return x < 2 || x > 5 ? 1 : (i % 3) - 1;
    });
    const bytes = fittedBytes({ name: "wide", width: 8, height: 4, data }, [2, 2, 3]);
    expect([...bytes]).toEqual([0, 128, 255, 0, 128, 255, 0, 128, 255, 0, 128, 255]);
    expect([...fittedBytes({ name: "wide", width: 8, height: 4, data }, [1, 1, 1])]).toEqual([104]);
  });

  it("become larger without new colours", () => {
    const data = Float32Array.of(-1, -1, -1, 1, 1, 1, 1, 1, 1, -1, -1, -1);
    const bytes = fittedBytes({ name: "small", width: 2, height: 2, data }, [4, 4, 1]);
    expect([...bytes]).toEqual([0, 0, 255, 255, 0, 0, 255, 255, 255, 255, 0, 0, 255, 255, 0, 0]);
  });
});

it("halves of numbers come together again", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      const even = bytes.subarray(0, bytes.length - (bytes.length % 2));
      expect([...joined(split(even))]).toEqual([...even]);
    }),
  );
  expect([...split(Uint8Array.of(1, 2, 3, 4))]).toEqual([1, 3, 2, 4]);
});

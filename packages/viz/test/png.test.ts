import fc from "fast-check";
import { decode } from "fast-png";
import { describe, expect, test } from "vitest";
import { png } from "../src/index.ts";
import { arbitraryPixels, grey } from "./arbitrary-pixels.ts";

describe("png", () => {
  test("decodes to the same pixels", () => {
    fc.assert(
      fc.property(arbitraryPixels, (pixels) => {
        const { width, height, channels, depth, data } = decode(png(pixels), { checkCrc: true });
        expect({ width, height, channels, depth }).toEqual({
          width: pixels.width,
          height: pixels.height,
          channels: pixels.channels,
          depth: 8,
        });
        expect([...data]).toEqual([...pixels.data]);
      }),
    );
  });

  test("encodes a picture that is a view into a larger array", () => {
    const data = new Uint8ClampedArray([7, 7, 1, 2, 7]).subarray(2, 4);
    expect([...decode(png({ width: 2, height: 1, channels: 1, data })).data]).toEqual([1, 2]);
  });

  test("carries text", () => {
    const text = { Software: "ddpm", seed: "42", note: "größer\nzweite Zeile" };
    expect(decode(png(grey([1]), { text })).text).toEqual(text);
  });

  test("the same picture gives the same bytes", () => {
    expect(png(grey([1, 2], [3, 4]))).toEqual(png(grey([1, 2], [3, 4])));
  });

  test("refuses text that the format cannot hold, and data that does not fit", () => {
    expect(() => png(grey([1]), { text: { abar: "ᾱ" } })).toThrow(/"abar" outside Latin-1/);
    expect(() => png(grey([1]), { text: { "": "x" } })).toThrow(/1 to 79/);
    expect(() => png({ ...grey([1]), width: 2 })).toThrow(/1 values for shape \[1, 1, 2, 1\]/);
  });
});

import { Resvg } from "@resvg/resvg-js";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { base64 } from "../src/files/base64.ts";
import { captionedGrid } from "../src/index.ts";
import { grey } from "./arbitrary-pixels.ts";

const tiles = [grey([10, 20]), grey([30, 40]), grey([50, 60])];

describe("captionedGrid", () => {
  const svg = captionedGrid(tiles, {
    captions: ["t = 0", 'a<b & "c"', "noise"],
    columns: 2,
    padding: 1,
    scale: 20,
  });

  test("is an SVG document with one text per picture, escaped", () => {
    expect(svg.match(/<text /g)).toHaveLength(3);
    expect(svg).toContain(">a&lt;b &amp; &quot;c&quot;</text>");
  });

  test("shows the pictures at their places when it is drawn", () => {
    const drawn = new Resvg(svg, { font: { loadSystemFonts: false } }).render();
    expect([drawn.width, drawn.height]).toEqual([83, 2 * (22 + 18)]);
    const level = (x: number, y: number) => drawn.pixels[(y * drawn.width + x) * 4];
    expect([level(10, 10), level(30, 10), level(51, 10), level(71, 10)]).toEqual([10, 20, 30, 40]);
    expect([level(10, 50), level(30, 50), level(51, 50)]).toEqual([50, 60, 255]);
  });

  test("refuses captions that do not fit the pictures or XML", () => {
    expect(() => captionedGrid(tiles, { captions: ["one"] })).toThrow(/1 captions for 3 pictures/);
    expect(() => captionedGrid(tiles, { captions: ["", "", "\u0007"] })).toThrow(/control characters/);
  });
});

test("base64 is what every other encoder writes", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      expect(base64(bytes)).toBe(Buffer.from(bytes).toString("base64"));
    }),
  );
});

import type { Dataset } from "@ddpm/core";
import { expect, it } from "vitest";
import { resized } from "../src/index.ts";

const of = (pixels: Uint8Array, shape: readonly [number, number, number], later = false): Dataset => ({
  name: "one",
  length: 1,
  shape,
  fingerprint: "f",
  image: () => (later ? Promise.resolve({ pixels, label: 3 }) : { pixels, label: 3 }),
});
const source = Uint8Array.from({ length: 35 }, (_, i) => (i * 37) % 256);

/** From Pillow 12.3: `Image.fromarray(a).resize((width, height), Image.BILINEAR)`. */
const pillow: [number, number, number[]][] = [
  [4, 3, [33, 112, 191, 36, 115, 194, 40, 119, 198, 43, 122, 201]],
  [2, 2, [62, 166, 68, 172]],
  [5, 7, [...source]],
  [
    9,
    11,
    [
      0, 17, 40, 64, 87, 111, 135, 158, 182, 205, 222, 1, 18, 41, 65, 88, 112, 136, 159, 183, 206, 223, 3, 20,
      43, 67, 90, 114, 138, 161, 185, 208, 225, 4, 21, 44, 68, 91, 115, 139, 162, 186, 209, 226, 6, 23, 46,
      70, 93, 117, 141, 164, 188, 211, 228, 8, 25, 48, 72, 95, 119, 143, 166, 190, 213, 230, 9, 26, 49, 73,
      96, 120, 144, 167, 191, 214, 231, 11, 28, 51, 75, 98, 122, 146, 169, 193, 216, 233, 12, 29, 52, 76, 99,
      123, 147, 170, 194, 217, 234,
    ],
  ],
];

it.each(pillow)("%i×%i is Pillow's bilinear resize, bit for bit", async (height, width, expected) => {
  const image = await resized(of(source, [5, 7, 1]), height, width).image(0);
  expect([...image.pixels]).toEqual(expected);
  expect(image.label).toBe(3);
});

it("treats channels separately, and later images alike", async () => {
  const three = Uint8Array.from({ length: 105 }, (_, i) => (i % 3 === 1 ? source[Math.floor(i / 3)]! : 7));
  const set = resized(of(three, [5, 7, 3], true), 4, 3);
  expect(set.shape).toEqual([4, 3, 3]);
  const { pixels } = await set.image(0);
  expect([...pixels].filter((_, i) => i % 3 === 1)).toEqual(pillow[0]![2]);
  expect([...pixels].every((value, i) => i % 3 === 1 || value === 7)).toBe(true);
});

it("has a fingerprint of its own, refuses no pixels, and leaves the same size alone", () => {
  const set = of(source, [5, 7, 1]);
  expect(resized(set, 4, 3).fingerprint).not.toBe(resized(set, 3, 4).fingerprint);
  expect(resized(set, 5, 7)).toBe(set);
  for (const size of [0, -1, 1.5, Number.NaN])
    expect(() => resized(set, size, 3)).toThrow(/expected a whole number/);
});

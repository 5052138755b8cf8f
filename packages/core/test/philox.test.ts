import { expect, test } from "vitest";
import { philox } from "../src/authoring.ts";
import { philoxWords } from "../src/random/philox.ts";

const block = (counter: readonly [number, number, number, number], key0: number, key1: number) => {
  const out = new Uint32Array(4);
  philox(counter, key0, key1, out);
  return [...out].map((word) => word.toString(16).padStart(8, "0"));
};

test.each([
  ["zeros", [0, 0, 0, 0], [0, 0], "6627e8d5 e169c58d bc57ac4c 9b00dbd8"],
  [
    "all ones",
    [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
    [0xffffffff, 0xffffffff],
    "408f276d 41c83b0e a20bc7c6 6d5451fd",
  ],
  [
    "digits of pi",
    [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
    [0xa4093822, 0x299f31d0],
    "d16cfe09 94fdcceb 5001e420 24126ea1",
  ],
] as const)("%s give the known answer of Random123, philox4x32-10", (_, counter, [key0, key1], words) => {
  expect(block(counter, key0, key1)).toEqual(words.split(" "));
});

test("the counter is left as it is", () => {
  const counter: [number, number, number, number] = [1, 2, 3, 4];
  block(counter, 5, 6);
  expect(counter).toEqual([1, 2, 3, 4]);
});

test("blocks in a row are the blocks one by one, across 2^32 as well", () => {
  for (const first of [0, 1, 0x7ffffffe, 2 ** 32 - 2, 2 ** 52]) {
    for (const [key0, key1] of [
      [0, 0] as const,
      [0xffffffff, 0x80000000] as const,
      [0xa4093822, 1] as const,
    ]) {
      const words = new Uint32Array(16);
      philoxWords(first, key0, key1, words);
      for (let k = 0; k < 4; k++) {
        const index = first + k;
        const wanted = block([index >>> 0, Math.floor(index / 2 ** 32), 0, 0], key0, key1);
        expect(
          [...words.subarray(4 * k, 4 * k + 4)].map((word) => word.toString(16).padStart(8, "0")),
        ).toEqual(wanted);
      }
    }
  }
});

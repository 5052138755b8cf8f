import fc from "fast-check";
import { expect, test } from "vitest";
import { heldOutSplit, shapes } from "../src/index.ts";

const pixelsOf = async (set: ReturnType<typeof shapes>): Promise<string[]> =>
  Promise.all(Array.from({ length: set.length }, async (_, i) => String((await set.image(i)).pixels)));

test("the two parts share no image and lack none, and labels go with their images", async () => {
  const set = shapes({ size: 16, count: 40 });
  const { training, heldOut } = heldOutSplit(set, 0.2, 3);
  expect([training.length, heldOut.length]).toEqual([32, 8]);
  const all = await pixelsOf(set);
  const parts = [...(await pixelsOf(training)), ...(await pixelsOf(heldOut))];
  expect(parts.toSorted()).toEqual(all.toSorted());
  for (const part of [training, heldOut]) {
    for (let i = 0; i < part.length; i++) expect((await part.image(i)).label).toBe(part.labels![i]);
  }
});

test("the split is a function of seed and amount, and each part says which it is", () => {
  const set = shapes({ size: 16, count: 40 });
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 99 }), fc.integer({ min: 1, max: 39 }), (seed, amount) => {
      const [once, again] = [heldOutSplit(set, amount, seed), heldOutSplit(set, amount, seed)];
      expect(Array.from(once.heldOut.labels!)).toEqual(Array.from(again.heldOut.labels!));
      const prints = [once.training.fingerprint, once.heldOut.fingerprint, set.fingerprint];
      expect(new Set(prints).size).toBe(3);
      expect(heldOutSplit(set, amount, seed + 1).training.fingerprint).not.toBe(prints[0]);
    }),
  );
});

test("a split that leaves nothing on one side is refused", () => {
  const set = shapes({ size: 16, count: 10 });
  for (const amount of [0, 10, 11, 0.01, 2.5, -1]) {
    expect(() => heldOutSplit(set, amount, 0)).toThrow(/cannot be held out, it has 10 images/);
  }
});

import { expect, it } from "vitest";
import { idxDataset, inClasses } from "../src/index.ts";
import { ramp } from "./idx-bytes.ts";

const set = (classes: readonly string[]) =>
  idxDataset({
    images: { shape: [3, 1, 1], data: ramp(3) },
    labels: { shape: [3], data: Uint8Array.from([0, 1, 0]) },
    name: "pets",
    classes,
  });

it("labels of a set are brought to the numbers that its classes have elsewhere", async () => {
  const mapped = inClasses(set(["cat", "dog", "never"]), ["bus", "dog, hound", "cat"]);
  expect([...mapped.labels!]).toEqual([2, 1, 2]);
  expect(await Promise.all([0, 1, 2].map(async (i) => (await mapped.image(i)).label))).toEqual([2, 1, 2]);
  expect(mapped.fingerprint).not.toBe(set(["cat", "dog", "never"]).fingerprint);
});

it.each([
  ["the same names", ["cat", "dog"], ["cat", "dog", "bus"]],
  ["numbers as names", ["0", "1"], ["cat", "dog"]],
  ["the same numbers with zeros", ["0", "1"], ["00", "01"]],
])("a set with %s stays as it is", (_, own, classes) => {
  const one = set(own);
  expect(inClasses(one, classes)).toBe(one);
});

it("a class that is not there is refused with its name", () => {
  expect(() => inClasses(set(["cat", "emu"]), ["cat", "dog"])).toThrow(
    /pets has other classes than the network learned, which has no class "emu", expected one of cat; dog/,
  );
});

import { isDdpmError } from "@ddpm/core";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { classSubset, embeddedSets, idxDataset, resized, shapes } from "../src/index.ts";
import { ramp } from "./idx-bytes.ts";

const labels = [2, 0, 1, 2, 1, 2];
const set = idxDataset({
  images: { shape: [6, 1, 1], data: ramp(6) },
  labels: { shape: [6], data: Uint8Array.from(labels) },
  name: "things",
  classes: ["goldfish, Carassius", "crane, bird", "crane, machine"],
});
const contents = async (one: typeof set) =>
  Promise.all(Array.from({ length: one.length }, async (_, i) => (await one.image(i)).pixels[0]));

describe("labels known without decoding", () => {
  it("are those of the images, in every set that has them", async () => {
    for (const one of [set, shapes({ count: 20 }), resized(set, 2, 2)]) {
      const read = await Promise.all(Array.from({ length: one.length }, async (_, i) => one.image(i)));
      expect(Array.from(one.labels!)).toEqual(read.map(({ label }) => label));
    }
    expect(embeddedSets.names).toContain("shapes");
  });
});

describe("some classes of a set", () => {
  it("are its images of these classes, in order, with their labels or new ones", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.nat(2), { minLength: 1 }),
        fc.boolean(),
        async (classes, relabel) => {
          const some = classSubset(set, { classes, relabel });
          const expected = labels.flatMap((label, i) => (classes.includes(label) ? [i] : []));
          expect(await contents(some)).toEqual(expected);
          const wanted = expected.map((i) => (relabel ? classes.indexOf(labels[i]!) : labels[i]));
          expect(Array.from(some.labels!)).toEqual(wanted);
          for (let i = 0; i < some.length; i++) expect((await some.image(i)).label).toBe(wanted[i]);
          expect(some.classes).toEqual(relabel ? classes.map((k) => set.classes![k]) : set.classes);
          expect(some.fingerprint).not.toBe(set.fingerprint);
        },
      ),
    );
  });

  it("are found by full name, by one of several names, by number, and by a number's digits", () => {
    for (const wanted of ["crane, machine", "machine", 2, "2"])
      expect(classSubset(set, { classes: [wanted] }).length).toBe(3);
    expect(classSubset(set, {})).toBe(set);
  });

  it.each<[string, readonly (string | number)[], RegExp]>([
    ["a name that two have", ["crane"], /things has 2 classes called crane.*by number/],
    [
      "a name that none has",
      ["ship"],
      /no class "ship", expected one of goldfish, Carassius; .*or a number from 0 to 2/,
    ],
    ["a number too large", [3], /no class 3/],
    ["half a class", [0.5], /no class 0.5/],
    ["nothing", [], /empty list/],
    ["the same twice", ["goldfish", 0], /asks for twice/],
  ])("refuses %s", (_, classes, message) => {
    expect(() => classSubset(set, { classes })).toThrow(message);
  });

  it("need labels, and images", () => {
    const { labels: _, ...bare } = set;
    try {
      classSubset(bare, { classes: [0] });
      expect.unreachable();
    } catch (error) {
      expect(isDdpmError(error)).toBe(true);
      expect(String(error)).toMatch(/has no labels/);
    }
    const none = { ...set, classes: ["a", "b", "c", "d"] };
    expect(() => classSubset(none, { classes: ["d"] })).toThrow(/no image of d/);
    expect(() => classSubset(set, { classes: [0] }).image(1)).toThrow(/image 1, expected 0 to 0/);
  });
});

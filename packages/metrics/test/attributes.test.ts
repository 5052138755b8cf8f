import type { random } from "@ddpm/core";
import type { CaptionAttribute } from "@ddpm/core/authoring";
import { expect, test } from "vitest";
import { ratioEstimate } from "../src/authoring.ts";
import { type Estimate, measure, metrics } from "../src/index.ts";
import { coverage } from "./draws.ts";

const attribute = (kind: string, shown: boolean): CaptionAttribute => ({ kind, expected: "any", shown });

test("attributes are counted over all captions, by kind, and as whole captions", async () => {
  const { estimates } = await measure([metrics.create("attributes")], {
    attributes: [
      [attribute("colour", true), attribute("shape", false)],
      [attribute("colour", true), attribute("shape", true), attribute("place", true)],
      [attribute("colour", false), attribute("shape", true), attribute("place", true)],
    ],
  });
  expect(estimates.map(({ label, value, count }) => [label, value, count])).toEqual([
    ["attributes of the caption", 6 / 8, 3],
    ["colour", 2 / 3, 3],
    ["shape", 2 / 3, 3],
    ["place", 1, 2],
    ["images that show the whole caption", 1 / 3, 3],
  ]);
});

test("the interval of a ratio holds the truth where the trials of an image depend on each other", () => {
  const draw = ({ uniform, integer }: ReturnType<typeof random>): Estimate => {
    const trials = Array.from({ length: 80 }, () => 1 + integer(8));
    const hits = trials.map((count) => (uniform() < 0.7 ? count : 0));
    return ratioEstimate({ metric: "attributes", count: 80, of: "test" }, hits, trials);
  };
  const held = coverage(5, 300, draw, 0.7);
  expect(held).toBeGreaterThanOrEqual(0.9);
  expect(held).toBeLessThanOrEqual(0.995);
});

test("a ratio of fewer than two images is refused", () => {
  expect(() => ratioEstimate({ metric: "attributes", count: 2, of: "test" }, [1, 0], [2, 0])).toThrow(
    "1 images, expected at least 2",
  );
});

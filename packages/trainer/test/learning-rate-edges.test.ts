import { checkedBy, type OptionsSchema } from "@ddpm/core/authoring";
import { expect, test } from "vitest";
import type { LearningRate } from "../src/authoring.ts";
import { learningRates } from "../src/index.ts";
import { rateInputs, ratesOf } from "../src/loop/update-rates.ts";

/** Values at the edge of each option that a course may have. */
const edges: Readonly<Record<string, readonly unknown[]>> = {
  length: [1, 2, 0.5, 4],
  warmup: [0, 1, 5],
  start: [0, 1],
  unit: ["updates", "images", "epochs"],
  floor: [0, 1],
  cycles: [0.5, 1, 3],
  restarts: [false, true],
  power: [0.1, 1],
  rise: [0.25, 0.5, 0.999],
  threePhases: [false, true],
  shape: ["cosine", "linear"],
  first: [0.5, 1],
  growth: [1, 1.0000001, 2],
  every: [0.5, 1],
  hold: [0.5, 1],
};

/** Whether a schema takes some options. */
function accepts(schema: OptionsSchema, options: Record<string, unknown>): boolean {
  return Object.entries(schema.shape).every(([name, type]) => !checkedBy(type, options[name]).issues);
}

/** Combinations of the edges of a course's own options, some 1500 of them where there are more. */
function variants(name: string): Record<string, unknown>[] {
  const { schema } = learningRates.get(name);
  let found: Record<string, unknown>[] = [{}];
  for (const option of Object.keys(schema.shape)) {
    const values = [undefined, ...(edges[option] ?? [])];
    found = found.flatMap((options) => values.map((value) => ({ ...options, [option]: value })));
  }
  const allowed = found.filter((options) => accepts(schema, options));
  return allowed.filter((_, i) => i % Math.ceil(allowed.length / 1500) === 0);
}

/** The rates of a training, and of one that continues after its end. */
function ratesIn(course: LearningRate, until: number, batch: number, epoch: number): number[] {
  const updates = Math.ceil(until / batch) + 3;
  return Array.from({ length: updates }, (_, i) =>
    course.at({ update: i + 1, images: i * batch, batch, until, epoch }),
  );
}

test.each(learningRates.names)("%s is finite and not negative at every edge of its options", (name) => {
  const wrong: string[] = [];
  for (const options of variants(name)) {
    const course = learningRates.create({ ...options, name });
    for (const [until, batch, epoch] of [
      [1, 1, 1],
      [1, 32, 7],
      [4, 1, 2],
      [100, 25, 30],
    ] as const) {
      const rates = ratesIn(course, until, batch, epoch);
      if (!rates.every((rate) => rate >= 0 && rate < 1e3))
        wrong.push(JSON.stringify({ options, until, rates }));
    }
  }
  expect(wrong.slice(0, 5)).toEqual([]);
});

test("a rise of one update begins at the full rate", () => {
  const course = learningRates.create({ name: "one-cycle", rate: 0.1, length: 4, rise: 0.25 });
  const rates = ratesIn(course, 4, 1, 4);
  expect(rates[0]).toBe(0.1);
  expect(rates[3]).toBeCloseTo(0.1 / 25 / 1e4, 12);
  const three = learningRates.create({
    name: "one-cycle",
    rate: 0.1,
    length: 4,
    rise: 0.25,
    threePhases: true,
  });
  expect(ratesIn(three, 4, 1, 4)[0]).toBe(0.1);
});

test("pieces that are not in order are refused", () => {
  const pieces = [
    { until: 20, factor: 1 },
    { until: 10, factor: 0.5 },
  ];
  expect(() => learningRates.create({ name: "pieces", pieces })).toThrow(
    "a piece until 10 after one until 20, expected them in order.",
  );
});

test("a rate that overflows stops the training with the update's number", () => {
  const learningRate = learningRates.create({ name: "steps", every: 1, factor: 10 });
  const options = { learningRate, batch: 1, until: 1000, images: { length: 10 } } as unknown as Parameters<
    typeof ratesOf
  >[0];
  expect(ratesOf(options, 2, 1).learningRate).toBeCloseTo(1e-3, 12);
  expect(() => rateInputs(options, 400, 399)).toThrow(
    "steps is no finite rate at update 400, after 399 of 1000 images.",
  );
});

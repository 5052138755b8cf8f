import { type Images, random } from "@ddpm/core";
import { describe, expect, test } from "vitest";
import { examine, type HistoryRow, sampleFacts } from "../src/authoring.ts";
import { checks, emas } from "../src/index.ts";

const all = checks.names.map((name) => checks.create(name));

/** A training that goes well: 40 rows of 50 updates of 10 images. */
const healthy: HistoryRow[] = Array.from({ length: 40 }, (_, i) => ({
  images: 500 * (i + 1),
  step: 50 * (i + 1),
  loss: 0.1 + 1 / (i + 1),
  gradientNorm: 1 + 0.3 * Math.sin(i),
  emaDecay: emas.create("warmup").at({ update: 50 * (i + 1), images: 0, batch: 10, until: 1, epoch: 1 }),
  heldOutLoss: 0.12 + 1 / (i + 2),
  saturated: 0.4,
  dataSaturated: 0.5,
  copied: 0,
}));

/** What is found when the rows from `first` on are changed. */
function found(change: (row: HistoryRow, i: number) => Partial<HistoryRow>, first = 20): string[] {
  const rows = healthy.map((row, i) => (i < first ? row : { ...row, ...change(row, i) }));
  return examine(all, rows).map(({ check, images, what, advice }) => {
    expect(images).toBeGreaterThan(500 * first);
    expect(what).toMatch(/\d.*\.$/);
    expect(advice).not.toBe("");
    return check;
  });
}

describe("each check", () => {
  test("is silent at every point of a training that goes well", () => {
    for (let length = 0; length <= healthy.length; length++) {
      expect(examine(all, healthy.slice(0, length))).toEqual([]);
    }
  });

  test("names its own trouble and no other", () => {
    expect(found((_, i) => (i >= 38 ? { gradientNorm: 20 } : {}))).toEqual(["exploding"]);
    expect(found((_, i) => (i === 39 ? { gradientNorm: 500 } : {}))).toEqual([]);
    expect(found(() => ({ loss: 1.09 }), 0)).toEqual(["flat"]);
    expect(found(() => ({ emaDecay: 0.9999 }), 0)).toEqual(["dead-ema"]);
    expect(found(() => ({ saturated: 0.99, dataSaturated: 0.2 }))).toEqual(["saturated"]);
    expect(found(() => ({ saturated: 0.99, dataSaturated: 0.9 }))).toEqual([]);
    expect(found((_, i) => ({ heldOutLoss: 0.17 + 0.01 * i }))).toEqual(["overfitted"]);
    expect(found(() => ({ copied: 0.8 }))).toEqual(["memorised"]);
  });
});

describe("facts about samples", () => {
  const noise = (name: string, count: number): Images => ({
    data: random(1)
      .fork(name)
      .normals(count * 12)
      .map((value) => Math.max(-1, Math.min(1, value / 2))),
    shape: [count, 2, 2, 3],
  });
  const training = noise("training", 200);

  test("tell copies from images of the same kind", () => {
    expect(sampleFacts(training)(noise("others", 40)).copied).toBeLessThan(0.1);
    const copies: Images = {
      data: training.data.slice(0, 40 * 12).map((value, i) => value + (i % 2 ? 0.02 : -0.02)),
      shape: [40, 2, 2, 3],
    };
    expect(sampleFacts(training)(copies).copied).toBe(1);
  });

  test("count numbers at the ends of the range", () => {
    const ends: Images = { data: Float32Array.from([-1, 1, 0.5, 0.998]), shape: [1, 1, 2, 2] };
    const inside: Images = { data: new Float32Array(8).map((_, i) => i / 20), shape: [2, 1, 2, 2] };
    expect(sampleFacts(inside)(ends)).toMatchObject({ saturated: 0.75, dataSaturated: 0 });
    expect(sampleFacts(inside, [0, 1])(inside).saturated).toBe(0.125);
  });
});

import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { random } from "@ddpm/core";
import { features } from "@ddpm/metrics";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type CompareFlags, compare } from "../src/compare/compare.ts";
import { testAll, testRepeats } from "../src/compare/tests.ts";
import { type EvalFlags, evaluate } from "../src/eval/evaluate.ts";
import { ownSimilarity, pairedKid } from "../src/eval/kid.ts";
import type { Reporter } from "../src/output/reporter.ts";
import { temporaryFolder } from "./support/command.ts";
import { hashes } from "./support/files.ts";
import { smallRun } from "./support/small-run.ts";
import { trainHere } from "./support/train-here.ts";

const folder = temporaryFolder();
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const shapesRun = {
  ...smallRun,
  data: { source: "shapes", size: 16, count: 300 },
  heldOut: { amount: 40, pairs: 8, buckets: 4 },
  train: { images: 32, batch: 8 },
  sample: { steps: 2, count: 4, strip: 2, stages: 2 },
  every: { log: 8, samples: 32, checkpoint: 16, heldOut: 32, keep: 2 },
};
const judge = {
  ...{ extractor: "classifier:features=6,width=4,images=256,batch=32", seed: 0, backend: "wasm" },
  ...{ count: 32, batch: 8 },
};

const killed = new Error("killed");

/** Says nothing; ends everything at the n-th batch of samples that is drawn, as a kill would. */
function quiet(killAt = Number.POSITIVE_INFINITY): Reporter & { readonly said: string[] } {
  const said: string[] = [];
  let batches = 0;
  return {
    said,
    say: (text) => void said.push(text),
    preview() {},
    progress({ unit }) {
      if (unit === "samples" && ++batches >= killAt) throw killed;
    },
    event() {},
    close() {},
  };
}

describe("ddpm eval", () => {
  const run = join(folder, "run");
  const flags: EvalFlags = { ...judge, checkpoint: "latest" };
  const json = (path: string) => JSON.parse(readFileSync(join(path, "eval.json"), "utf8"));
  beforeAll(async () => {
    await trainHere(shapesRun, run);
  });

  test("killed and started again gives the numbers of one left alone", async () => {
    const again = join(folder, "killed", "run");
    cpSync(run, again, { recursive: true });
    await expect(evaluate(again, flags, quiet(2))).rejects.toThrow("killed");
    expect(
      readdirSync(join(again, "eval"), { recursive: true }).filter((name) => /npy$/.test(String(name))),
    ).toHaveLength(2);
    await evaluate(again, flags, quiet());
    await evaluate(run, flags, quiet());
    const [a, b] = [json(again), json(run)];
    expect(a.estimates).toEqual(b.estimates);
    expect(a.memorisation).toEqual(b.memorisation);
  }, 240_000);

  test("says count and error of every measure, the classifier's accuracy, and tests for copies", () => {
    const { estimates, extractor, memorisation, notes, pictures } = json(run);
    expect(extractor.facts.heldOutAccuracy).toBeGreaterThan(0);
    for (const one of estimates) {
      expect(one.count, one.metric).toBeGreaterThanOrEqual(32);
      expect(one.standardError, one.metric).toBeGreaterThanOrEqual(0);
      expect(one.interval[0]).toBeLessThanOrEqual(one.value);
    }
    expect(memorisation.memorised).toBe(false);
    expect(memorisation.features.test.p).toBeGreaterThan(0.01);
    expect(memorisation.pixels.ratioTest.p).toBeGreaterThan(0.01);
    const named = (name: string) =>
      estimates.filter(({ metric }: { metric: string }) => metric.split("/")[0] === name);
    expect(named("inception-score")).toHaveLength(1);
    expect(named("eps-loss")).toHaveLength(1 + 8);
    const [bits, ...parts] = named("bits-per-dimension").map(({ value }: { value: number }) => value);
    expect(bits).toBeCloseTo(
      parts.reduce((sum: number, value: number) => sum + value, 0),
      8,
    );
    expect(notes).toEqual([]);
    for (const path of Object.values<string>(pictures)) expect(existsSync(path)).toBe(true);
  });

  test("refuses to set numbers of different extractors beside each other, before it measures", async () => {
    const other = { ...flags, extractor: "random", beside: run };
    await expect(evaluate(run, other, quiet())).rejects.toThrow(/different extractors|seen by the extractor/);
    expect(json(run).extractor.name).toBe("classifier");
    await expect(evaluate(run, { ...flags, beside: folder }, quiet())).rejects.toThrow(/not evaluated yet/);
    await expect(evaluate(run, { ...flags, heldOut: join(folder, "none") }, quiet())).rejects.toThrow(/none/);
  });
});

describe("ddpm compare of trainings", () => {
  const config = join(folder, "small.json");
  const mine = fileURLToPath(new URL("fixtures/cubic.ts", import.meta.url));
  const flags = (out: string, more: object = {}): CompareFlags => ({
    ...{ ...judge, count: 16, slices: 2, out: join(folder, out), vary: [`schedule=linear,${mine}`] },
    ...more,
  });
  beforeAll(async () => {
    writeFileSync(config, JSON.stringify(shapesRun));
  });

  test("merging trains and draws nothing; what is missing of a table is drawn again, and it is the same", async () => {
    const again = (more: object = {}) => compare(config, flags("again", more), quiet());
    await expect(again({ merge: true })).rejects.toThrow(/linear is not trained yet/);
    await compare(config, flags("whole"), quiet());
    cpSync(join(folder, "whole"), join(folder, "again"), { recursive: true });
    const kept = readdirSync(join(folder, "again", "linear", "eval"), { recursive: true, encoding: "utf8" });
    rmSync(join(folder, "again", "linear", "eval", kept.find((name) => name.endsWith(".npy"))!));
    await expect(again({ merge: true })).rejects.toThrow(/linear is not drawn yet/);
    await again();
    expect(hashes(join(folder, "again"))).toEqual(hashes(join(folder, "whole")));
  }, 90_000);

  test("with several seeds it judges settings by what seeds change, and says the means", async () => {
    const seeded = { vary: [`schedule=linear,${mine}`, "seed=0,1"], count: 8, extractor: "random:width=4" };
    await compare(config, flags("seeds", seeded), quiet());
    const { repeats, results, verdicts, caution } = JSON.parse(
      readFileSync(join(folder, "seeds", "compare.json"), "utf8"),
    );
    expect(repeats).toHaveLength(2);
    const kids = results.map((one: { estimates: readonly { value: number }[] }) => one.estimates[0]!.value);
    expect(repeats[0].trainings).toEqual(["linear, 0", "linear, 1"]);
    expect(repeats[0].estimates[0].value).toBeCloseTo((kids[0] + kids[1]) / 2, 10);
    expect(kids[0]).not.toBe(kids[1]);
    expect(verdicts[0].tests).toHaveLength(1);
    expect(caution).toMatch(/2 trainings of each setting/);
  }, 60_000);

  test("compares samplers at equal network calls, each from the same noise", async () => {
    const run = join(folder, "whole", "linear");
    const swept = flags("whole", {
      vary: undefined,
      samplers: ["ddim", "heun"],
      calls: [1, 3],
      out: join(folder, "sweep"),
    });
    await compare(run, swept, quiet());
    const { results: cells, verdicts } = JSON.parse(
      readFileSync(join(folder, "sweep", "compare.json"), "utf8"),
    );
    expect(
      cells.map((one: { name: string; group: string; calls: number }) => [one.name, one.group, one.calls]),
    ).toEqual([
      ["ddim", "1", 1],
      ["ddim", "3", 3],
      ["heun", "1", 1],
      ["heun", "3", 3],
    ]);
    // One step of Heun's is Euler's, which is DDIM's: nothing may be found to differ.
    expect(verdicts[0].alike).toHaveLength(1);
  }, 60_000);

  test("refuses what cannot be compared", async () => {
    const refused = (more: object) => expect(compare(config, flags("none", more), quiet())).rejects;
    await refused({ vary: [] }).toThrow(/nothing varies/);
    await refused({ vary: ["schedule=linear"] }).toThrow(/at least two values/);
    await refused({ vary: ["schedule=linear,linear"] }).toThrow(/same name/);
    await refused({ vary: ["schedule=linear,cosinus"] }).toThrow(/cosine/);
    await refused({ set: ['train.earlyStop={"patience":1}'] }).toThrow(/earlyStop would end linear before/);
    await refused({ extractor: "clasifier" }).toThrow(/classifier/);
    await refused({ vary: undefined, samplers: ["ddim"] }).toThrow(/is no run/);
  });
});

describe("the tests behind a verdict", () => {
  const dimension = 4;
  const set = (seed: number, shift: number) =>
    features(
      random(seed)
        .normals(100 * dimension)
        .map((x) => x + shift),
      dimension,
      "demo",
    );

  test("find a shift and, among equal sets, hardly anything", () => {
    const real = set(1, 0);
    const own = ownSimilarity(real);
    let found = 0;
    const rounds = 20;
    for (let round = 0; round < rounds; round++) {
      const each = [0, 1, 2].map((k) => pairedKid(real, set(100 + 3 * round + k, 0), own).each);
      found += testAll(each).some(({ significant }) => significant) ? 1 : 0;
      const moved = [each[0]!, pairedKid(real, set(500 + round, 1), own).each];
      expect(testAll(moved)[0]).toMatchObject({ significant: true });
    }
    expect(found / rounds).toBeLessThanOrEqual(0.15);
  });

  test("see the small difference of two sets from the same noise, which unpaired errors hide", () => {
    const real = set(1, 0);
    const own = ownSimilarity(real);
    const [a, b] = [pairedKid(real, set(2, 0.3), own), pairedKid(real, set(2, 0.35), own)];
    const [tested] = testAll([a.each, b.each]);
    const unpaired = Math.hypot(a.estimate.standardError!, b.estimate.standardError!);
    expect(tested!.standardError).toBeLessThan(unpaired / 3);
    expect(tested!.value).toBeCloseTo(b.estimate.value - a.estimate.value, 10);
    expect(tested!.significant).toBe(true);
  });

  test("KID's interval over all pairs holds the truth in 90 to 99 % of draws of the samples", () => {
    const real = set(1, 0);
    const own = ownSimilarity(real);
    const draws = (seed: number, count: number) =>
      features(
        random(seed)
          .normals(count * dimension)
          .map((x) => x + 0.4),
        dimension,
        "demo",
      );
    const truth = pairedKid(real, draws(2, 2500), own).estimate.value;
    const rounds = 200;
    let held = 0;
    for (let round = 0; round < rounds; round++) {
      const [low, high] = pairedKid(real, draws(1000 + round, 60), own).estimate.interval!;
      if (low <= truth && truth <= high) held++;
    }
    expect(held / rounds).toBeGreaterThanOrEqual(0.9);
    expect(held / rounds).toBeLessThanOrEqual(0.995);
  });

  test("Holm's correction never falls below the single test, and keeps its order", () => {
    const each = [0, 0.1, 0.2, 0.9].map((shift) =>
      Float64Array.from(random(9).normals(40), (x) => x + shift),
    );
    const tests = testAll(each).sort((a, b) => a.p - b.p);
    for (const [i, one] of tests.entries()) {
      expect(one.adjusted).toBeGreaterThanOrEqual(one.p);
      if (i > 0) expect(one.adjusted).toBeGreaterThanOrEqual(tests[i - 1]!.adjusted);
    }
  });

  test("of two settings with several seeds are Student's for pairs", () => {
    const { normals } = random(4);
    const [a, b] = [[...normals(5)], [...normals(5)]];
    const [pairs] = testAll([Float64Array.from(a), Float64Array.from(b)]);
    const [blocks] = testRepeats([a, b]);
    expect(blocks!.standardError).toBeCloseTo(pairs!.standardError, 12);
    expect(blocks!.p).toBeCloseTo(pairs!.p, 12);
  });

  test("of settings with several seeds are not moved by what a seed adds to all of them", () => {
    const values = [
      [1, 2.1, 2.9],
      [2, 3, 4.2],
      [1.5, 2.4, 3.6],
    ];
    const moved = values.map((row) => row.map((value, s) => value + [5, -3, 8][s]!));
    for (const [i, one] of testRepeats(moved).entries()) {
      expect(one.p).toBeCloseTo(testRepeats(values)[i]!.p, 10);
      expect(one.value).toBeCloseTo(testRepeats(values)[i]!.value, 10);
    }
  });

  test("of settings with several seeds find nothing where only seeds differ, and what is larger than they are", () => {
    const rounds = 400;
    let [found, seen] = [0, 0];
    const { normals } = random(11);
    for (let round = 0; round < rounds; round++) {
      const values = Array.from({ length: 4 }, () => [...normals(3)]);
      found += testRepeats(values).some(({ significant }) => significant) ? 1 : 0;
      const apart = values.map((row, i) => row.map((value) => value + 12 * i));
      seen += testRepeats(apart).every(({ significant }) => significant) ? 1 : 0;
    }
    expect(found / rounds).toBeLessThanOrEqual(0.08);
    expect(seen / rounds).toBeGreaterThan(0.95);
  });
});

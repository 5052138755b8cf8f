import { cpSync, existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type EvalFlags, evaluate } from "../src/eval/evaluate.ts";
import { temporaryFolder } from "./support/command.ts";
import { quickEvaluation, shapesRun, silent } from "./support/evaluation.ts";
import { trainHere } from "./support/train-here.ts";

const folder = temporaryFolder();
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("ddpm eval", () => {
  const run = join(folder, "run");
  const flags: EvalFlags = { ...quickEvaluation, checkpoint: "latest" };
  const json = (path: string) => JSON.parse(readFileSync(join(path, "eval.json"), "utf8"));
  beforeAll(async () => {
    await trainHere(shapesRun, run);
  });

  test("killed and started again gives the numbers of one left alone", async () => {
    const again = join(folder, "killed", "run");
    cpSync(run, again, { recursive: true });
    await expect(evaluate(again, flags, silent(2))).rejects.toThrow("killed");
    expect(
      readdirSync(join(again, "eval"), { recursive: true }).filter((name) => /npy$/.test(String(name))),
    ).toHaveLength(2);
    await evaluate(again, flags, silent());
    await evaluate(run, flags, silent());
    const [a, b] = [json(again), json(run)];
    expect(a.estimates).toEqual(b.estimates);
    expect(a.memorisation).toEqual(b.memorisation);
  }, 240_000);

  test("eval.json has count and error of every metric, the classifier's accuracy, and tests for copies", () => {
    const { estimates, extractor, memorisation, notes, pictures } = json(run);
    expect(extractor.facts.heldOutAccuracy).toBeGreaterThan(0);
    for (const one of estimates) {
      expect(one.count, one.metric).toBeGreaterThanOrEqual(one.metric === "objective-loss" ? 8 : 32);
      expect(one.standardError, one.metric).toBeGreaterThanOrEqual(0);
      expect(one.interval[0]).toBeLessThanOrEqual(one.value);
    }
    expect(memorisation.memorised).toBe(false);
    expect(memorisation.features.test.p).toBeGreaterThan(0.01);
    expect(memorisation.pixels.ratioTest.p).toBeGreaterThan(0.01);
    const named = (name: string) => estimates.filter(({ metric }: { metric: string }) => metric === name);
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

  test("refuses a baseline with another extractor, before it measures", async () => {
    const other = { ...flags, extractor: "random", baseline: run };
    await expect(evaluate(run, other, silent())).rejects.toThrow(/evaluated with the extractor/);
    expect(json(run).extractor.name).toBe("classifier");
    await expect(evaluate(run, { ...flags, baseline: folder }, silent())).rejects.toThrow(
      /not evaluated yet/,
    );
    await expect(evaluate(run, { ...flags, heldOut: join(folder, "none") }, silent())).rejects.toThrow(
      /none/,
    );
  });

  test("measures the metrics that are chosen, own ones included, and says what it cannot measure", async () => {
    const mine = fileURLToPath(new URL("fixtures/own-metric.ts", import.meta.url));
    const reporter = silent();
    await evaluate(
      run,
      { ...flags, extractor: "pixels", metrics: ["kid", mine, "inception-score"] },
      reporter,
    );
    const { estimates, notes } = json(run);
    expect(estimates.map(({ metric }: { metric: string }) => metric)).toEqual(["kid", "red-share"]);
    expect(estimates[1]).toMatchObject({ label: "share of red", better: "higher", detail: false });
    expect(notes).toEqual([
      "Not measured without class logits, which this extractor does not give: Inception Score.",
    ]);
    expect(reporter.lines.find((line) => line.startsWith("share of red ↑"))).toMatch(/ ± /);
  });
});

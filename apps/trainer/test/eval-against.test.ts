import { cpSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { beforeAll, expect, test } from "vitest";
import { type EvalFlags, evaluate } from "../src/eval/evaluate.ts";
import type { Reporter } from "../src/output/reporter.ts";
import { temporaryFolder } from "./support/command.ts";
import { smallRun } from "./support/small-run.ts";
import { trainHere } from "./support/train-here.ts";

const folder = temporaryFolder();
const at = (...parts: readonly string[]): string => join(folder, ...parts);
const run = at("runs", "grey");
const quiet: Reporter = { say() {}, preview() {}, progress() {}, event() {}, close() {} };
const flags: EvalFlags = {
  ...{ extractor: "pixels", seed: 0, backend: "wasm", count: 20, batch: 16, checkpoint: "latest" },
};
const measured = async (more: Partial<EvalFlags>) =>
  (await evaluate(run, { ...flags, ...more }, quiet)).estimates;

beforeAll(async () => {
  for (let i = 0; i < 12; i++) {
    const [width, height] = [16 + 3 * i, 34 - i];
    const pixels = Uint8Array.from(
      { length: 4 * width * height },
      (_, k) => (k * (i + 3) * 7 + (k >> 5)) % 256,
    );
    mkdirSync(at("photos", i < 6 ? "a" : "b"), { recursive: true });
    await sharp(pixels, { raw: { width, height, channels: 4 } })
      .png()
      .toFile(at("photos", i < 6 ? "a" : "b", `${i}.png`));
  }
  const prepared = { size: [8, 12], channels: 1, fit: "stretch", kernel: "nearest", background: [0, 90, 0] };
  const data = { source: at("photos"), ...prepared, range: "unit" };
  const train = { images: 16, batch: 8 };
  const sample = { steps: 2, count: 4, strip: 2, stages: 2 };
  const every = { log: 8, samples: 16, checkpoint: 16 };
  const trained = await trainHere({ ...smallRun, data, train, sample, every }, run);
  expect(trained.code).toBe(0);
}, 120_000);

test("the training images given as another folder measure the same", async () => {
  cpSync(at("photos"), at("copy"), { recursive: true });
  writeFileSync(at("copy", "._0.png"), "metadata");
  const own = await measured({});
  const ofCopy = await measured({ against: at("copy") });
  expect(ofCopy.map(({ metric, value, count }) => [metric, value, count])).toEqual(
    own.map(({ metric, value, count }) => [metric, value, count]),
  );
  expect(own[0]!.count).toBe(20);
  // Each evaluation keeps its own files; the run's eval.json is the latest.
  const kept = readdirSync(join(run, "eval"), { recursive: true, encoding: "utf8" });
  expect(kept.filter((name) => name.endsWith("eval.json"))).toHaveLength(2);
  expect(JSON.parse(readFileSync(join(run, "eval.json"), "utf8")).against).toBe(at("copy"));
});

test("samples and values do not depend on the batch", async () => {
  const values = async (batch: number) => (await measured({ batch })).map(({ value }) => value);
  expect(await values(7)).toEqual(await values(16));
});

test("a run whose images moved is measured by --against, or the refusal names it", async () => {
  const before = await measured({ against: at("copy") });
  renameSync(at("photos"), at("moved"));
  await expect(measured({})).rejects.toThrow(/photos, are not there\. Give images with --against/);
  const after = await measured({ against: at("copy") });
  const distances = before.filter(({ metric }) => metric.startsWith("frechet") || metric === "kid");
  for (const { metric, value } of distances)
    expect(after.find((one) => one.metric === metric)!.value).toBe(value);
});

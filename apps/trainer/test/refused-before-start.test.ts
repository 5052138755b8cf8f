import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openImages } from "@ddpm/runs/node/authoring";
import { expect, test } from "vitest";
import { compare } from "../src/compare/compare.ts";
import { loadStages } from "../src/config/load.ts";
import { type EvalFlags, evaluate } from "../src/eval/evaluate.ts";
import { inFlags } from "../src/output/in-flags.ts";
import { UsageError } from "../src/output/usage.ts";
import { temporaryFolder } from "./support/command.ts";
import { smallRun, writeSmallRun } from "./support/small-run.ts";
import { trainHere } from "./support/train-here.ts";

const folder = temporaryFolder();
const silent = { say() {}, preview() {}, progress() {}, event() {}, close() {} };

const withTrain = (train: object): object => ({ ...smallRun, train: { ...smallRun.train, ...train } });
const evenly = { sample: { ...smallRun.sample, spacing: "even" } };
const refused: [what: string, description: object, message: RegExp][] = [
  [
    "a target from which a schedule without any signal left cannot be drawn",
    { ...smallRun, schedule: { name: "zero-terminal", of: "linear" }, parameterization: "eps" },
    /no signal is left.*Train with v or x0/,
  ],
  [
    "held-out pairs that do not divide",
    { ...smallRun, heldOut: { amount: 8, pairs: 3 } },
    /heldOut\.pairs=8/,
  ],
  [
    "points, which the command does not draw",
    { ...smallRun, data: { source: "moons", count: 60 }, denoiser: { name: "mlp", width: 8 } },
    /points of 2 coordinates, expected images\. Train on points in a program/,
  ],
  [
    "averaged weights that there are not",
    { ...withTrain({ ema: null }), heldOut: { amount: 8, weights: "ema" } },
    /no weights are averaged/,
  ],
  [
    "a metric that needs samples, for the best checkpoint",
    { ...smallRun, heldOut: { amount: 8, metric: "kid" } },
    /unknown held-out metric "kid": expected one of objective-loss, eps-loss, bits-per-dimension/,
  ],
  [
    "a metric that this schedule does not have",
    {
      ...smallRun,
      schedule: "edm",
      parameterization: "edm",
      ...evenly,
      heldOut: { amount: 8, metric: "bits-per-dimension" },
    },
    /heldOut\.metric is bits-per-dimension\. .*schedule with steps/,
  ],
  [
    "a held-out distance with nothing held out",
    { ...smallRun, every: { ...smallRun.every, heldOut: 8 } },
    /every\.heldOut/,
  ],
  ["a group without parameters", withTrain({ groups: [{ match: ["nothing*"] }] }), /no parameter is left/],
  [
    "dropped labels for a network without classes",
    withTrain({ labelDropout: 0.1 }),
    /ho takes neither labels nor text/,
  ],
  [
    "an own guess for a network that takes none",
    withTrain({ selfCondition: 0.5 }),
    /does not take its own guess/,
  ],
];

test.each(refused)("%s: refused before a run is begun", async (_what, description, message) => {
  const out = join(folder, "refused");
  const training = trainHere(description, out, () => {}, "cpu");
  await expect(training).rejects.toThrow(UsageError);
  await expect(training).rejects.toThrow(message);
  expect(existsSync(out)).toBe(false);
});

test.each([
  ["a value that does not exist", "schedule=linear,cosin", /Did you mean "cosine"/],
  [
    "a setting that cannot be drawn from",
    'schedule=["linear",{"name":"zero-terminal","of":"linear"}]',
    /zero-terminal:of=linear: .*no signal is left/,
  ],
])("compare refuses %s before it trains any other, by name", async (_what, vary, message) => {
  const out = join(folder, "compared");
  const flags = { vary: [vary], count: 16, batch: 16, seed: 0, backend: "cpu", slices: 1, out };
  const comparing = compare(writeSmallRun(folder), flags, silent);
  await expect(comparing).rejects.toThrow(UsageError);
  await expect(comparing).rejects.toThrow(message);
  expect(existsSync(out)).toBe(false);
});

test("images that are not there: the message names where they come from", async () => {
  const opened = (source: string): Promise<unknown> => openImages({ source, range: "symmetric" }, () => {});
  await expect(opened(join(folder, "none", "mnist"))).rejects.toThrow(
    /does not exist.*ddpm data fetch mnist/,
  );
  await expect(opened(join(folder, "cars"))).rejects.toThrow(
    /does not exist. Say where the images are: `data.source=PATH`/,
  );
  expect(inFlags("Say where the images are: `data.source=PATH`.")).toBe(
    "Say where the images are: --data PATH.",
  );
});

test("a folder in place of a preset: the message names what to do with it", async () => {
  await expect(loadStages(folder, {})).rejects.toThrow(/is a folder, expected a preset.*train --data/);
  await expect(loadStages(join(folder, "none.json"), {})).rejects.toThrow(/none\.json does not exist/);
});

test("eval refuses before it draws: an extractor without its file, one that is not the other run's, too few real images", async () => {
  const out = join(folder, "evaluated");
  const set = { source: "shapes", size: 16, count: 9 };
  const quick = {
    ...smallRun,
    denoiser: { ...smallRun.denoiser, multipliers: [1], dropout: 0 },
    train: { images: 8, batch: 8 },
    sample: { steps: 1, count: 1, strip: 1, stages: 2 },
  };
  await trainHere({ ...quick, data: set }, out);
  const flags = { count: 16, batch: 16, seed: 0, backend: "wasm", checkpoint: "latest" };
  const refused = (more: Partial<EvalFlags>, message: RegExp): Promise<void> =>
    expect(evaluate(out, { ...flags, ...more }, silent)).rejects.toThrow(message);
  await refused(
    { extractor: "inception-v3" },
    /option "weights" is missing: path of the weights.*convert-inception/,
  );
  await refused({ extractor: "inception-v3:weights=none.safetensors" }, /none\.safetensors is not there/);
  await refused({ extractor: "onnx:model=none.onnx" }, /none\.onnx is not there/);
  await refused({ extractor: "clasifier" }, /Did you mean "classifier"/);
  await refused({ extractor: "random" }, /9 images, expected at least 10.*--against/);
  await refused({ checkpoint: "12" }, /12 is not a checkpoint.*images it has seen, one of: 8/);
  const other = join(folder, "other");
  mkdirSync(other);
  writeFileSync(
    join(other, "eval.json"),
    JSON.stringify({ extractor: { name: "pixels", fingerprint: "0" } }),
  );
  const more = join(folder, "more");
  await trainHere({ ...quick, data: { ...set, count: 12 } }, more);
  const baseline = evaluate(more, { ...flags, extractor: "pixels", baseline: other }, silent);
  await expect(baseline).rejects.toThrow(/different extractors cannot be compared/);
  expect(existsSync(join(more, "eval"))).toBe(false);
  const few = await evaluate(more, { ...flags, checkpoint: "8", extractor: "pixels" }, silent);
  expect(few.estimates.find(({ metric }) => metric.startsWith("sliced"))).toMatchObject({
    count: 16,
    realCount: 12,
  });
}, 60_000);

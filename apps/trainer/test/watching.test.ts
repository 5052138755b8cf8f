import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { readBest, readLog } from "@ddpm/runs";
import { rateAfter, readRecoveries, startOf } from "@ddpm/runs/authoring";
import { fsStorage } from "@ddpm/runs/node";
import type { LearningRate } from "@ddpm/trainer/authoring";
import { beforeAll, describe, expect, test } from "vitest";
import { trainCommand } from "../src/commands/train.ts";
import { evaluate } from "../src/eval/evaluate.ts";
import { temporaryFolder } from "./support/command.ts";
import { quickEvaluation, silent } from "./support/evaluation.ts";
import { hashes } from "./support/files.ts";
import { smallRun } from "./support/small-run.ts";
import { type Trained, trainHere } from "./support/train-here.ts";

const folder = temporaryFolder();

const watched = {
  ...smallRun,
  heldOut: { amount: 12, pairs: 16, buckets: 4 },
  loggers: ["csv", "tensorboard"],
  every: { log: 16, samples: 48, checkpoint: 24, heldOut: 32, keep: 1, keepEvery: 48 },
};

describe("a training that is watched", () => {
  const out = join(folder, "watched");
  let trained: Trained;
  beforeAll(async () => {
    trained = await trainHere(watched, out);
  }, 120_000);

  test("ends well and logs the held-out loss, with an error and its parts", async () => {
    expect(trained.code).toBe(0);
    const rows = (await readLog(fsStorage(out))).filter((row) => "heldOutLoss" in row);
    expect(rows.map(({ images }) => images)).toEqual([32, 64, 96]);
    for (const { heldOutLoss, heldOutError, heldOutLossRaw, heldOutBuckets } of rows) {
      const parts = heldOutBuckets as number[];
      expect(parts).toHaveLength(4);
      expect(heldOutLoss).toBeCloseTo(parts.reduce((sum, part) => sum + part, 0) / 4, 9);
      expect(heldOutError).toBeGreaterThan(0);
      expect(heldOutLossRaw).not.toBe(heldOutLoss);
    }
  });

  test("keeps the best checkpoint, those at a multiple, and the last", async () => {
    const best = (await readBest(fsStorage(out)))!;
    const rows = (await readLog(fsStorage(out))).filter((row) => "heldOutLoss" in row);
    const lowest = rows.reduce((a, b) => ((a.heldOutLoss as number) <= (b.heldOutLoss as number) ? a : b));
    expect(best).toEqual({ images: lowest.images, metric: "heldOutLoss", value: lowest.heldOutLoss });
    const names = readdirSync(join(out, "checkpoints")).flatMap((name) =>
      /^\d/.test(name) ? [Number(name)] : [],
    );
    expect(new Set(names)).toEqual(new Set([48, 96, best.images]));
  });

  test("leaves pictures, a film, curves, a table, events for TensorBoard, and a page with everything", () => {
    const files = Object.keys(hashes(out)).filter((name) => !name.startsWith("checkpoints"));
    expect(files).toEqual([
      "config.json",
      "events.out.tfevents.ddpm",
      "forward.png",
      "log.csv",
      "log.jsonl",
      "loss.svg",
      "report.html",
      "samples/000000000048.png",
      "samples/000000000096.png",
      "samples/final.gif",
      "samples/final.png",
      "samples/middle.png",
      "schedule.svg",
    ]);
    const page = readFileSync(join(out, "report.html"), "utf8");
    for (const name of [
      "samples/final.png",
      "samples/middle.png",
      "samples/000000000048.png",
      "forward.png",
    ]) {
      expect(page, name).toContain(readFileSync(join(out, name)).toString("base64"));
    }
    expect(page).toContain("held out, averaged weights");
    const [head, ...lines] = readFileSync(join(out, "log.csv"), "utf8").trim().split("\n");
    expect(head).toMatch(/^images,step,loss,/);
    expect(lines).toHaveLength(readFileSync(join(out, "log.jsonl"), "utf8").trim().split("\n").length);
  });

  test("is the same from the same seed, but for the clock in TensorBoard's events", async () => {
    const twin = join(folder, "twin");
    await trainHere(watched, twin);
    const { "events.out.tfevents.ddpm": clock, ...rest } = hashes(twin);
    const { "events.out.tfevents.ddpm": other, ...expected } = hashes(out);
    expect(rest).toEqual(expected);
    expect(clock).not.toBe(other);
  });

  test("is left as it is, to the byte, by a resume after its end", async () => {
    const before = hashes(out);
    await trainHere(watched, out);
    expect(hashes(out)).toEqual(before);
  });
});

test("the best checkpoint is the best in the metric that is declared", async () => {
  const out = join(folder, "declared");
  const heldOut = { ...watched.heldOut, weights: "model" };
  await trainHere({ ...watched, heldOut, loggers: [], train: { ...smallRun.train, images: 64 } }, out);
  const rows = (await readLog(fsStorage(out))).filter((row) => "heldOutLoss" in row);
  const raw = rows.map((row) => row.heldOutLossRaw as number);
  expect(await readBest(fsStorage(out))).toMatchObject({ metric: "heldOutLossRaw", value: Math.min(...raw) });
}, 60_000);

test("the best checkpoint is chosen by any metric of held-out images, as `ddpm eval` measures it", async () => {
  const out = join(folder, "by-metric");
  const heldOut = { ...watched.heldOut, metric: "bits-per-dimension" };
  const every = { ...watched.every, log: 8, heldOut: 8 };
  const train = { ...smallRun.train, images: 8 };
  expect((await trainHere({ ...watched, heldOut, every, loggers: ["csv"], train }, out)).code).toBe(0);
  const row = (await readLog(fsStorage(out))).find((one) => "heldOutLoss" in one)!;
  const value = row["bits-per-dimension"] as number;
  expect(await readBest(fsStorage(out))).toEqual({ images: 8, metric: "bits-per-dimension", value });
  expect(readFileSync(join(out, "log.csv"), "utf8")).toContain(String(value));
  const metrics = ["objective-loss", "bits-per-dimension"];
  const flags = { ...quickEvaluation, extractor: "random", checkpoint: "latest", seed: smallRun.seed };
  await evaluate(out, { ...flags, metrics }, silent());
  const { estimates } = JSON.parse(readFileSync(join(out, "eval.json"), "utf8"));
  const estimateOf = (name: string) =>
    estimates.find((one: { readonly metric: string }) => one.metric === name).value;
  expect(estimateOf("bits-per-dimension")).toBeCloseTo(value, 6);
  expect(estimateOf("objective-loss")).toBeCloseTo(row.heldOutLoss as number, 6);
}, 60_000);

test("a training whose held-out loss gets no better stops early, and stays stopped", async () => {
  const out = join(folder, "stale");
  const stale = {
    ...watched,
    loggers: [],
    train: {
      ...smallRun.train,
      learningRate: { name: "constant", rate: 1e-9 },
      earlyStop: { patience: 2, minDelta: 0.01 },
    },
  };
  const { code, events } = await trainHere(stale, out);
  expect(code).toBe(0);
  expect(events.at(-1)).toMatchObject({ event: "done", images: 96 });
  // Pictures may be deleted: a run that resumes makes their folder again.
  rmSync(join(out, "samples"), { recursive: true });
  const sooner = await trainHere({ ...stale, train: { ...stale.train, images: 4000 } }, out);
  expect(sooner.events.at(-1)).toMatchObject({ event: "done", images: 96 });
}, 120_000);

describe("recoveries", () => {
  test("return to a checkpoint with half the rate as often as allowed, and then the run ends with the error", async () => {
    const out = join(folder, "recovered");
    const wild = {
      ...smallRun,
      train: { ...smallRun.train, clip: null, learningRate: { name: "constant", rate: 1e30 }, recoveries: 2 },
    };
    await expect(trainHere(wild, out)).rejects.toThrow(/not a finite number/);
    const made = await readRecoveries(fsStorage(out));
    expect(made).toHaveLength(2);
    for (const { from, diverged } of made) expect(diverged).toBeGreaterThan(from);
    expect(existsSync(join(out, "config.json"))).toBe(true);
  }, 120_000);

  test("of a run that began with another run's weights do not need that run", async () => {
    const [other, out] = [join(folder, "other"), join(folder, "tuned")];
    await trainHere({ ...smallRun, train: { ...smallRun.train, images: 8 } }, other);
    const diverging = {
      ...smallRun,
      start: await startOf(fsStorage(other), false),
      train: { ...smallRun.train, clip: null, learningRate: { name: "constant", rate: 1e30 }, recoveries: 1 },
    };
    const gone = trainHere(diverging, out, ({ event }) => {
      if (event === "checkpoint") rmSync(other, { recursive: true, force: true });
    });
    await expect(gone).rejects.toThrow(/not a finite number/);
    expect(existsSync(other)).toBe(false);
    expect(await readRecoveries(fsStorage(out))).toMatchObject([{ from: 0 }]);
  }, 120_000);

  test("halve the rate from the checkpoint that the run returned to, each once more", () => {
    const plain: LearningRate = { name: "plain", at: () => 8 };
    const rate = rateAfter(
      [
        { from: 100, diverged: 150 },
        { from: 200, diverged: 210 },
      ],
      plain,
    );
    const at = (images: number): number => rate.at({ update: 1, images, batch: 1, until: 1, epoch: 1 });
    expect([0, 99, 100, 199, 200, 1000].map(at)).toEqual([8, 8, 4, 4, 2, 2]);
  });

  const wild = { ...smallRun.train, clip: null, learningRate: { name: "constant", rate: 1e30 } };

  test("are suggested where none is allowed, with how to resume; the log and the page name the failure, and the log starts again with the run", async () => {
    const out = join(folder, "not-allowed");
    const diverging = { ...smallRun, train: wild, every: { ...smallRun.every, log: 8, checkpoint: 96 } };
    const ending = trainHere(diverging, out);
    await expect(ending).rejects.toThrow(
      /update \d+ .* --resume --out .*not-allowed --set train\.recoveries=1/,
    );
    const rows = await readLog(fsStorage(out));
    expect(rows.at(-1)).toMatchObject({ trouble: "non-finite", what: expect.stringMatching(/update \d+/) });
    expect(readFileSync(join(out, "report.html"), "utf8")).toContain("non-finite");
    const allowed = trainHere({ ...diverging, train: { ...wild, recoveries: 1 } }, out);
    await expect(allowed).rejects.toThrow(/train\.recoveries=2/);
    expect(await readRecoveries(fsStorage(out))).toHaveLength(1);
    expect(readFileSync(join(out, "report.html"), "utf8")).toContain("recovery");
    const again = await readLog(fsStorage(out));
    expect(again.map(({ images }) => images)).toEqual(rows.map(({ images }) => images));
  }, 120_000);

  const exploding = {
    ...smallRun,
    denoiser: { ...smallRun.denoiser, multipliers: [1], dropout: 0 },
    train: { images: 96, batch: 8, clip: null, learningRate: { name: "constant", rate: 0.3 } },
    sample: { ...smallRun.sample, steps: 1, stages: 2 },
    checks: [{ name: "exploding", factor: 1.5, rows: 3 }],
    every: { log: 8, checkpoint: 8, keep: 20, samples: 96 },
  };

  test("return to the checkpoint before the gradients exploded, where the run may, and the log keeps everything before it", async () => {
    const [warned, out] = [join(folder, "warned"), join(folder, "back")];
    const { events } = await trainHere(exploding, warned);
    const trouble = events.find(({ event }) => event === "trouble")!;
    expect(trouble).toMatchObject({ check: "exploding", step: (trouble.images as number) / 8 });
    expect(trouble.hint).toContain(
      `ddpm train --resume --out ${warned} --back ${(trouble.images as number) - 8}`,
    );
    const recovering = { ...exploding, train: { ...exploding.train, recoveries: 1 } };
    const { events: after } = await trainHere(recovering, out);
    const [made] = await readRecoveries(fsStorage(out));
    expect(made).toEqual({ from: (trouble.images as number) - 8, diverged: trouble.images });
    expect(after.find(({ event }) => event === "recovery")).toMatchObject({ ...made });
    const rows = (await readLog(fsStorage(out))).filter((row) => "learningRate" in row);
    expect(rows.map(({ images }) => images)).toEqual(Array.from({ length: 12 }, (_, i) => 8 * (i + 1)));
    for (const { images, learningRate } of rows) expect(learningRate).toBe(images <= made!.from ? 0.3 : 0.15);
    expect(readFileSync(join(out, "report.html"), "utf8")).toContain("recovery");

    await trainCommand().parseAsync(["--resume", "--out", warned, "--back", "70", "--backend", "wasm"], {
      from: "user",
    });
    expect(await readRecoveries(fsStorage(warned))).toEqual([{ from: 64, diverged: 96 }]);
    const later = (await readLog(fsStorage(warned))).filter(
      (row) => row.images > 64 && "learningRate" in row,
    );
    expect(new Set(later.map(({ learningRate }) => learningRate))).toEqual(new Set([0.15]));
  }, 120_000);
});

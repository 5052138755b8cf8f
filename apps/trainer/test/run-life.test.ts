import { cpSync, existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { parseRun } from "@ddpm/runs";
import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import { trainCommand } from "../src/commands/train.ts";
import { openModel } from "../src/drawing/open-model.ts";
import { jsonReporter } from "../src/output/json-reporter.ts";
import type { Reporter } from "../src/output/reporter.ts";
import { runFolder } from "../src/run/folder.ts";
import { prepare } from "../src/run/prepare.ts";
import { startDdpm, temporaryFolder } from "./support/command.ts";
import { hashes } from "./support/files.ts";
import { smallRun, writeSmallRun } from "./support/small-run.ts";
import { trainHere } from "./support/train-here.ts";

const folder = temporaryFolder();
const EVENTS = "events.out.tfevents.ddpm";

/** A training of a second with microbatches, an average, a held-out loss, and files that others follow. */
const quick = {
  ...smallRun,
  denoiser: { ...smallRun.denoiser, multipliers: [1], dropout: 0 },
  train: { ...smallRun.train, images: 64, accumulate: 4, ema: "power" },
  heldOut: { amount: 16, pairs: 8, buckets: 2 },
  loggers: ["csv", "tensorboard"],
  sample: { steps: 1, count: 1, strip: 1, stages: 2 },
  every: { log: 8, samples: 32, checkpoint: 16, heldOut: 24, keep: 9 },
};
const plain = { ...quick, heldOut: undefined, loggers: [], every: { log: 8, samples: 64, checkpoint: 64 } };

/** Everything that preparing a training says. */
async function reported(description: object, out: string): Promise<string> {
  const lines: string[] = [];
  const reporter: Reporter = {
    say: (text) => lines.push(text),
    preview() {},
    progress() {},
    event() {},
    close() {},
  };
  await prepare(parseRun(description, "test"), runFolder(out), { backend: "wasm" }, reporter);
  return lines.join("\n");
}

describe("a run that is stopped by a hangup between two checkpoints, moved and resumed", () => {
  const [whole, stopped] = [join(folder, "whole"), join(folder, "stopped")];
  const moved = join(folder, "ein Lauf, 走る бег");
  const followed = ["log.jsonl", "log.csv", EVENTS];
  const inodes = (run: string): number[] => followed.map((name) => statSync(join(run, name)).ino);

  test("ends with the bytes of one left alone, in the same files, and no tensor stays behind at its checkpoints", async () => {
    const tensors: number[] = [];
    await trainHere(quick, whole, ({ event }) => {
      if (event === "checkpoint") tensors.push(tf.memory().numTensors);
    });
    expect(new Set(tensors.slice(1)).size).toBe(1);

    let second: Promise<unknown> | undefined;
    const { code, events } = await trainHere(quick, stopped, ({ event, images }) => {
      if (event !== "step" || images !== 24) return;
      expect(existsSync(join(stopped, "lock.json"))).toBe(true);
      second = trainHere(quick, stopped).catch((error: unknown) => error);
      process.emit("SIGHUP");
    });
    expect(String(await second)).toContain(`process ${process.pid} is writing to ${stopped}`);
    expect(code).toBe(130);
    expect(events.at(-1)).toMatchObject({ event: "interrupted", images: 24 });
    expect(existsSync(join(stopped, "lock.json"))).toBe(false);

    // As after a kill: the newest checkpoint is older than the logs.
    rmSync(join(stopped, "checkpoints", "000000000024"), { recursive: true });
    const before = inodes(stopped);
    renameSync(stopped, moved);
    expect(await reported(quick, moved)).toContain("latest names 000000000024, which is missing");
    await trainHere(quick, moved);
    expect(inodes(moved)).toEqual(before);
    const { [EVENTS]: _, ...resumed } = hashes(moved);
    const { [EVENTS]: __, ...expected } = hashes(whole);
    expect(resumed).toEqual(expected);
  }, 120_000);

  test("says what another length does to its learning rate, keeps the new length, and refuses lost checkpoints", async () => {
    const copy = join(folder, "copy");
    cpSync(whole, copy, { recursive: true });
    expect(await reported(quick, copy)).toContain("Nothing is left to train: 64 images seen of 64");
    const longer = { ...quick, train: { ...quick.train, images: 128 } };
    expect(await reported(longer, copy)).toMatch(
      /learning rate changes here from 0\.0 to 0\.00\d+: cosine .* was 64 images and is 128 now/,
    );
    rmSync(join(copy, "checkpoints"), { recursive: true });
    await expect(reported(quick, copy)).rejects.toThrow(
      /its log goes to 64 images.*its checkpoints are gone/,
    );
  });
});

test("how often a run logs, draws, measures and saves changes no weight", async () => {
  const [often, seldom] = [join(folder, "often"), join(folder, "seldom")];
  await trainHere({ ...plain, every: { log: 16, samples: 16, checkpoint: 8, keep: 9 } }, often);
  await trainHere(plain, seldom);
  for (const part of ["model", "ema"]) {
    const name = join("checkpoints", "000000000064", `${part}.safetensors`);
    expect(hashes(often)[name]).toBe(hashes(seldom)[name]);
  }
}, 120_000);

test("an average that is still mostly the initial network is reported in training and wherever it is drawn from", async () => {
  const out = join(folder, "young");
  const young = { ...plain, train: { ...plain.train, images: 16, ema: "constant" } };
  const { events } = await trainHere(young, out);
  const what = /after 2 updates the averaged weights are still 100 % the weights that training began with/;
  expect(events.find(({ event }) => event === "trouble")).toMatchObject({
    check: "dead-ema",
    message: expect.stringMatching(what),
  });
  expect(readFileSync(join(out, "report.html"), "utf8")).toContain("dead-ema");
  const short = { ...young, every: { ...plain.every, log: 1000 } };
  const beforeFirstLine = await trainHere(short, join(folder, "young-and-short"));
  expect(beforeFirstLine.events.find(({ event }) => event === "trouble")).toMatchObject({
    check: "dead-ema",
    message: expect.stringMatching(what),
  });
  const lines: string[] = [];
  const reporter: Reporter = {
    say: (text) => lines.push(text),
    preview() {},
    progress() {},
    event() {},
    close() {},
  };
  const flags = { seed: 0, guidance: 1, checkpoint: "latest", backend: "wasm" };
  (await openModel("edit", out, flags, reporter)).close();
  (await openModel("edit", out, { ...flags, raw: true }, reporter)).close();
  expect(lines.filter((line) => what.test(line) && line.includes("--raw"))).toHaveLength(1);
}, 60_000);

test("progress is an event for scripts: at once, and then not before ten seconds", () => {
  const lines: string[] = [];
  const { write } = process.stdout;
  process.stdout.write = ((text: string) => lines.push(text) > 0) as typeof write;
  try {
    const { progress } = jsonReporter();
    const given = { total: 640, unit: "images", perSecond: 8, note: "loss 0.5", values: { loss: 0.5 } };
    progress({ ...given, done: 16 });
    progress({ ...given, done: 32 });
    jsonReporter().progress({ done: 1, total: 2, unit: "files", perSecond: 1 });
  } finally {
    process.stdout.write = write;
  }
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
    {
      event: "progress",
      images: 16,
      of: 640,
      imagesPerSecond: 8,
      secondsLeft: 78,
      loss: 0.5,
      note: "loss 0.5",
    },
  ]);
});

test.each([
  ["--out is empty", ["--out", ""]],
  ["expected a name for a folder", ["--set", "name=../elsewhere"]],
  ["--from begins a run", ["--resume", "--from", "runs/other", "--out", "runs/x"]],
])("refused before anything is looked at: %s", async (what, words) => {
  await expect(trainCommand().parseAsync(words, { from: "user" })).rejects.toThrow(what);
});

test("a closed pipe does not end a training: it is complete, without a word about it", async () => {
  const out = join(folder, "piped");
  const config = writeSmallRun(folder, plain);
  const { child, ended } = startDdpm(["train", config, "--out", out, "--backend", "wasm", "--images", "16"]);
  child.stdout!.once("data", () => child.stdout!.destroy());
  const { code, stderr } = await ended;
  expect(stderr).not.toMatch(/EPIPE|Error|at /);
  expect(code).toBe(0);
  expect(readdirSync(join(out, "samples"))).toContain("final.png");
}, 120_000);

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inpainting, superResolution } from "@ddpm/diffusion";
import { png } from "@ddpm/viz/images";
import { decode } from "fast-png";
import { beforeAll, describe, expect, test } from "vitest";
import { openConditions } from "../src/drawing/condition-images.ts";
import { temporaryFolder } from "./support/command.ts";
import { ddpmHere } from "./support/command-here.ts";
import { hashes } from "./support/files.ts";
import { smallRun, writeSmallRun } from "./support/small-run.ts";

const folder = temporaryFolder();
const at = (...parts: string[]): string => join(folder, ...parts);

/** Every condition of a network: classes, a low-resolution image, its own prediction. */
const conditioned = {
  data: { ...smallRun.data, count: 60 },
  denoiser: { ...smallRun.denoiser, classes: 6, selfCondition: true },
  condition: { name: "super-resolution", factor: 4 },
  train: {
    ...smallRun.train,
    images: 48,
    learningRate: { name: "constant", rate: 1e-3 },
    labelDropout: 0.2,
  },
  every: { log: 16, samples: 48, checkpoint: 24, keep: 2 },
};
const train = (...words: string[]) => ddpmHere("train", ...words, "--backend", "wasm", "--json");

/** A picture as wide as `size` says, brighter to the right. */
function picture(name: string, size: number, channels = 3, height = size): string {
  const data = Uint8ClampedArray.from(
    { length: size * height * channels },
    (_, i) => (255 * (Math.floor(i / channels) % size)) / (size - 1),
  );
  writeFileSync(at(name), png({ data, width: size, height, channels: channels as 1 | 3 }));
  return at(name);
}

describe("a network conditioned on classes, a low-resolution image and its own prediction", () => {
  beforeAll(async () => {
    const config = writeSmallRun(folder, conditioned);
    const whole = await train(config, "--out", at("whole"));
    expect(whole.events.at(-1)).toMatchObject({ event: "done", images: 48 });
    await train(config, "--out", at("parts"), "--images", "24");
    const resumed = await train("--resume", "--out", at("parts"), "--images", "48");
    expect(resumed.events.at(-1)).toMatchObject({ event: "done", images: 48 });
  }, 120_000);

  test("stopped half-way and resumed it has the same bytes, pictures included", () => {
    for (const name of ["model", "ema", "optimizer"]) {
      const file = join("checkpoints", "000000000048", `${name}.safetensors`);
      expect(readFileSync(at("parts", file)).equals(readFileSync(at("whole", file))), name).toBe(true);
    }
    const [parts, whole] = ["parts", "whole"].map((run) => hashes(at(run, "samples")));
    for (const name of ["000000000048.png", "final.png"]) expect(parts![name]).toBe(whole![name]);
  });

  test("what the data decides is in the run's configuration", () => {
    const { denoiser, condition } = JSON.parse(readFileSync(at("whole", "config.json"), "utf8"));
    expect(denoiser).toMatchObject({ channels: 3, imageChannels: 3 });
    expect(condition).toEqual({ name: "super-resolution", factor: 4 });
  });

  test("sampling is conditioned on a low-resolution image, with labels that cycle", async () => {
    const words = [
      "sample",
      at("whole"),
      "--label",
      "0,5",
      "--guidance",
      "2",
      "--count",
      "3",
      "--batch",
      "2",
    ];
    const condition = ["--condition", picture("low.png", 4)];
    const drawn = await ddpmHere(...words, ...condition, "--backend", "wasm", "--out", at("drawn"), "--json");
    expect(drawn.events.at(-1)).toMatchObject({ event: "done", count: 3, calls: 4 });
    const bytes = [0, 1, 2].map((k) => decode(readFileSync(at("drawn", `${k}.png`))).data.join());
    expect(new Set(bytes).size).toBe(3);
  });

  test.each([
    [[], /is conditioned on an image \(super-resolution\). Give --condition/],
    [["--condition", "7", "--mask", "left"], /a mask was given, and nothing is hidden here/],
  ])("sampling with %j is refused", async (words, message) => {
    const named = words.map((word) => (/\d/.test(word) ? picture(`${word}.png`, Number(word)) : word));
    const { code, stderr } = await ddpmHere("sample", at("whole"), ...named);
    expect(stderr).toMatch(message);
    expect(code).toBe(2);
  });

  test("another run begins with its averaged weights on one class, with a fresh optimiser", async () => {
    const words = ["--from", at("whole"), "--classes", "star", "--images", "8", "--out", at("tuned")];
    const tuned = await train(
      ...words,
      "--set",
      "every.checkpoint=8",
      "--set",
      "train.learningRate.rate=1e-12",
    );
    expect(tuned.code, tuned.stderr).toBe(0);
    expect(tuned.stderr).not.toMatch(/error|warning/);
    const config = JSON.parse(readFileSync(at("tuned", "config.json"), "utf8"));
    expect(config).toMatchObject({
      name: "small-tuned",
      data: { classes: ["star"] },
      start: { run: at("whole"), images: 48, weights: "ema" },
    });
    const { readSafetensors } = await import("@ddpm/weights");
    const weights = (run: string, images: number, file: string) =>
      readSafetensors(
        readFileSync(at(run, "checkpoints", String(images).padStart(12, "0"), `${file}.safetensors`)),
      ).tensors;
    const before = weights("whole", 48, "ema")["stem.kernel"]!.data as Float32Array;
    const after = weights("tuned", 8, "model")["stem.kernel"]!.data as Float32Array;
    expect(Math.max(...after.map((value, i) => Math.abs(value - before[i]!)))).toBeLessThan(1e-8);
    const state = JSON.parse(readFileSync(at("tuned", "checkpoints", "000000000008", "state.json"), "utf8"));
    expect(state).toMatchObject({ images: 8, step: 1 });
  });

  test("weights of another network are refused before anything is written", async () => {
    const config = writeSmallRun(folder, { name: "other" });
    const { code, events } = await train(config, "--from", at("whole"), "--out", at("other"));
    expect(events.at(-1)).toMatchObject({
      event: "error",
      message: expect.stringMatching(/parameter "labels.table"|"stem.kernel"/),
    });
    expect(code).toBe(2);
    expect(existsSync(at("other"))).toBe(false);
  });
});

describe("what a network goes by", () => {
  const data = (range: "symmetric" | "unit") => ({ source: "elsewhere", range });
  const options = { data: data("symmetric"), seed: 1, count: 2 } as const;

  test("a grey picture, whole or low, in the range of the training", async () => {
    const condition = superResolution({ factor: 2 });
    const make = (path: string, range: "symmetric" | "unit") =>
      openConditions(path, { ...options, data: data(range), condition, shape: [4, 4, 1] });
    const symmetric = (await make(picture("g4.png", 4, 1), "symmetric"))(0, 1);
    expect(symmetric.shape).toEqual([1, 4, 4, 1]);
    const unit = (await make(at("g4.png"), "unit"))(0, 1);
    for (const [i, value] of symmetric.data.entries()) expect(value).toBeCloseTo(2 * unit.data[i]! - 1, 5);
    expect((await make(picture("g2.png", 2), "unit"))(0, 2).data.slice(0, 4)).toEqual(
      Float32Array.of(0, 0.25, 0.75, 1),
    );
  });

  test("a given mask: white is redrawn; a drawn one belongs to the picture", async () => {
    const condition = inpainting();
    const shape = [4, 4, 3] as const;
    const path = picture("whole.png", 4);
    const masked = await openConditions(path, { ...options, condition, shape, mask: picture("mask.png", 4) });
    const mask = Array.from({ length: 4 }, (_, x) => masked(0, 1).data[4 * x + 3]);
    expect(mask).toEqual([0, 0, 1, 1]);
    const drawn = (await openConditions(path, { ...options, condition, shape }))(0, 2).data;
    expect(drawn.slice(0, 64)).toEqual(drawn.slice(64));
  });

  test.each([
    [
      () => openConditions(at("none.png"), { ...options, condition: inpainting(), shape: [4, 4, 3] }),
      /none.png does not exist/,
    ],
    [
      () => {
        writeFileSync(at("bad.png"), "no picture");
        return openConditions(at("bad.png"), { ...options, condition: inpainting(), shape: [4, 4, 3] });
      },
      /does not decode/,
    ],
    [
      () =>
        openConditions(at("whole.png"), {
          ...options,
          condition: inpainting(),
          shape: [4, 4, 3],
          mask: picture("five.png", 5, 3, 4),
        }),
      /five.png is 4 × 5 .*whole.png is 4 × 4/,
    ],
  ])("images that cannot be a condition are refused: %#", async (make, message) => {
    await expect(make()).rejects.toThrow(message);
  });
});

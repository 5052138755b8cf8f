import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { expect, test } from "vitest";
import { goldenFiles, isLeftOut } from "./read-golden.ts";
import { nameOf, runGolden } from "./runners.ts";

const files = goldenFiles("autoencoders");

test.skipIf(isLeftOut("autoencoders/kl_sd_like.json"))("there are files of autoencoders", () => {
  expect(files.length).toBeGreaterThan(4);
});

test.each(files.map((path) => [nameOf(path), path]))(
  "%s: latents, images, losses and gradients equal their reference",
  async (_name, path) => {
    const before = tf.memory().numTensors;
    const result = await runGolden(path);
    expect(result.failures).toEqual([]);
    expect(result.unsupported).toEqual([]);
    expect(result.passed).toBeGreaterThan(14);
    expect(tf.memory().numTensors).toBe(before);
  },
);

test("a class that no family reads is unsupported, with its name", async () => {
  const folder = mkdtempSync(join(tmpdir(), "ddpm-golden-"));
  const path = join(folder, "autoencoders", "other.json");
  mkdirSync(dirname(path));
  writeFileSync(path, JSON.stringify({ class: "AsymmetricAutoencoderKL", constructor: {} }));
  const { unsupported, failed } = await runGolden(path);
  expect(unsupported.map(({ reason }) => reason)).toEqual(["no family reads AsymmetricAutoencoderKL"]);
  expect(failed).toBe(0);
  rmSync(folder, { recursive: true });
});

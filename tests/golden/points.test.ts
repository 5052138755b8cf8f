import * as tf from "@tensorflow/tfjs";
import { beforeAll, expect, test } from "vitest";
import { useBackend } from "../../packages/backends/src/node/index.ts";
import { goldenFiles, isLeftOut } from "./read-golden.ts";
import { nameOf, runGolden } from "./runners.ts";

const files = goldenFiles("points");

beforeAll(async () => {
  await useBackend("wasm", {});
});

test.skipIf(isLeftOut("points/gaussian_vae.json"))("there are networks for points", () => {
  expect(files.length).toBeGreaterThan(3);
});

test.each(files.map((path) => [nameOf(path), path]))(
  "%s: outputs, gradients, sampling runs, tables and metrics equal the reference",
  async (_name, path) => {
    const before = tf.memory().numTensors;
    const result = await runGolden(path!);
    expect(result.failures).toEqual([]);
    expect(result.unsupported).toEqual([]);
    expect(result.passed).toBeGreaterThan(10);
    expect(tf.memory().numTensors).toBe(before);
  },
);

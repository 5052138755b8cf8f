import * as tf from "@tensorflow/tfjs";
import { beforeAll, expect, test } from "vitest";
import { useBackend } from "../../packages/backends/src/node/index.ts";
import { goldenFiles, isLeftOut } from "./read-golden.ts";
import { nameOf, runGolden } from "./runners.ts";

const files = goldenFiles("unets-1d");

beforeAll(async () => {
  await useBackend("wasm", {});
});

test.skipIf(isLeftOut("unets-1d/gaussian_diffusion_1d.json"))("there are networks for signals", () => {
  expect(files.length).toBeGreaterThan(3);
});

test.each(files.map((path) => [nameOf(path), path]))(
  "%s: outputs, gradients, losses and sampling runs equal the reference",
  async (_name, path) => {
    const before = tf.memory().numTensors;
    const result = await runGolden(path!);
    expect(result.failures).toEqual([]);
    expect(result.unsupported).toEqual([]);
    expect(result.passed).toBeGreaterThan(15);
    expect(tf.memory().numTensors).toBe(before);
  },
);

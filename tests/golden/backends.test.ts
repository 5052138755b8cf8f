import "@tensorflow/tfjs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { useBackend } from "../../packages/backends/src/node/index.ts";
import { runFile as runEmaLr } from "./ema_lr.ts";
import { runFile as runGaussian } from "./gaussian.ts";
import { emaLrFile } from "./make/ema-lr.ts";
import { gaussianFile } from "./make/gaussian.ts";
import { samplersFile } from "./make/samplers.ts";
import { runFile as runSamplers } from "./samplers.ts";

beforeAll(async () => {
  await useBackend("onnx", {});
});

afterAll(async () => {
  await useBackend("cpu", {});
});

test.each([
  ["samplers", samplersFile(), runSamplers],
  ["gaussian", gaussianFile(), runGaussian],
  ["ema_lr", emaLrFile(), runEmaLr],
] as const)("generated %s agree with their definitions on the onnx backend", async (_kind, file, runFile) => {
  const { passed, failures } = await runFile(file);
  expect(failures).toEqual([]);
  expect(passed).toBeGreaterThan(0);
});

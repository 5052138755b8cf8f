import { createRequire } from "node:module";
import { basename } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { beforeAll, expect, test } from "vitest";
import { registerWasmKernels } from "../../packages/tfjs-kernels/src/wasm/index.ts";
import { goldenFiles } from "./read-golden.ts";
import { runFile } from "./unets.ts";

const { env } = process;

beforeAll(async () => {
  const folder = new URL("../../packages/tfjs-kernels/package.json", import.meta.url);
  createRequire(folder)("@tensorflow/tfjs-backend-wasm");
  registerWasmKernels();
  await tf.setBackend("wasm");
});

test.each(
  goldenFiles("unets")
    .map((path) => [basename(path, ".json"), path])
    .filter(([n]) => !env.CASES || new RegExp(env.CASES).test(n!)),
)("%s equals the reference", async (_name, path) => {
  const before = tf.memory().numTensors;
  const result = await runFile(path!);
  if (env.CASES) console.log(_name, JSON.stringify(result));
  expect(result.failures).toEqual([]);
  expect(result.unsupported).toEqual([]);
  expect(tf.memory().numTensors).toBe(before);
});

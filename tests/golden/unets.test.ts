import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import * as tf from "@tensorflow/tfjs";
import { beforeAll, expect, test } from "vitest";
import { registerWasmKernels } from "../../packages/tfjs-kernels/src/wasm/index.ts";
import { runFile } from "./unets.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const folder = process.env.DDPM_GOLDEN ?? join(root, "golden");

beforeAll(async () => {
  createRequire(join(root, "packages/tfjs-kernels/package.json"))("@tensorflow/tfjs-backend-wasm");
  registerWasmKernels();
  await tf.setBackend("wasm");
});

test.each(process.env.CASES!.split(","))("%s", async (name) => {
  const before = tf.memory().numTensors;
  const result = await runFile(join(folder, "unets", name + ".json"));
  console.log(name, JSON.stringify(result));
  expect(result.failures).toEqual([]);
  expect(tf.memory().numTensors).toBe(before);
});

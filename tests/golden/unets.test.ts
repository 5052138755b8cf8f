import { basename } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { expect, test } from "vitest";
import { useBackend } from "../../packages/backends/src/node/index.ts";
import { goldenFiles } from "./read-golden.ts";
import { runFile } from "./unets.ts";

const { env } = process;

/** Networks of tens of millions of parameters, which the fastest backend computes; all others wasm. */
const LARGE = /54m|cifar10_32/;

test.each(
  ["unets", "unets-conditional"]
    .flatMap((folder) => goldenFiles(folder))
    .map((path) => [basename(path, ".json"), path])
    .filter(([n]) => !env.CASES || new RegExp(env.CASES).test(n!)),
)("%s equals the reference", async (name, path) => {
  await useBackend(LARGE.test(name!) ? "onnx" : "wasm", {});
  const before = tf.memory().numTensors;
  const result = await runFile(path!);
  if (env.CASES) console.log(name, JSON.stringify(result));
  expect(result.failures).toEqual([]);
  expect(result.unsupported).toEqual([]);
  expect(tf.memory().numTensors).toBe(before);
});

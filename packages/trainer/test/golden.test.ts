import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import * as tf from "@tensorflow/tfjs";
import { expect, test } from "vitest";
import { runFile } from "../../../tests/golden/ema_lr.ts";

const folder = process.env.DDPM_GOLDEN ?? fileURLToPath(new URL("../../../golden", import.meta.url));

function golden(): unknown {
  const plain = join(folder, "ema_lr.json");
  const text = existsSync(plain) ? readFileSync(plain) : gunzipSync(readFileSync(`${plain}.gz`));
  return JSON.parse(text.toString("utf8"));
}

test("averages, rates, optimisers, clipping, layers and losses agree with PyTorch, diffusers and ema-pytorch", async () => {
  const before = tf.memory().numTensors;
  const { passed, failures, unsupported } = await runFile(golden());

  expect(failures).toEqual([]);
  expect(unsupported).toEqual([]);
  expect(passed).toBeGreaterThanOrEqual(138);
  expect(tf.memory().numTensors).toBe(before);
});

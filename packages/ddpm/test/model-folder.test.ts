import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { model, shapes, train, useBackend } from "../src/index.ts";
import { loadModel, saveModel } from "../src/node/index.ts";

const folder = mkdtempSync(join(tmpdir(), "ddpm-model-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeAll(() => useBackend("onnx", { threads: 1 }));

const small = (width = 8) =>
  model({ denoiser: { name: "ho", width, multipliers: [1], blocks: 1, attention: [], dropout: 0 } });
const set = shapes({ size: 16 });
const weights = async (params: Readonly<Record<string, { data(): Promise<ArrayLike<number>> }>>) =>
  Object.fromEntries(
    await Promise.all(Object.entries(params).map(async ([name, value]) => [name, await value.data()])),
  );

test("a model that was saved and loaded trains further to the same weights as one that was not", async () => {
  const options = { batch: 4, logEvery: 8 };
  const first = await train(small(), set, { ...options, until: 16 });
  await saveModel(first, folder);
  const loaded = await loadModel(small(), folder);
  expect(loaded).toMatchObject({ shape: [16, 16, 3], classes: set.classes });
  expect(await weights(loaded.params)).toEqual(await weights(first.params));
  const further = { ...options, until: 32 };
  const resumed = await train(loaded, set, { ...further, state: loaded.state });
  const whole = await train(first, set, { ...further, state: first.state! });
  expect(await weights(resumed.params)).toEqual(await weights(whole.params));
});

test("a folder of another network is refused by the first tensor that differs", async () => {
  await expect(loadModel(small(16), folder)).rejects.toThrow(
    /has ".*" of shape \[.*\], expected shape \[.*\]\. Pass the model that was trained\./,
  );
  const { state: _, ...bare } = await loadModel(small(), folder);
  await expect(saveModel(bare, folder)).rejects.toThrow("no state of a training");
});

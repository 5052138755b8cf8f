import "@tensorflow/tfjs";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Dataset, random } from "@ddpm/core";
import { afterAll, expect, test } from "vitest";
import { cachedStatistics, imagesOf, kidOfBlocks } from "../src/authoring.ts";
import {
  batchesOf,
  cachedFeatures,
  type Estimate,
  extractFeatures,
  extractors,
  featureStatistics,
} from "../src/index.ts";
import { folderStore, nodeExtractors, nodeSources } from "../src/node/index.ts";
import { poolingModel } from "./pooling-model.ts";

/** Two classes: bright on the left, bright on the right, in noise. */
function stripes(seed: number, length: number): Dataset {
  return {
    name: "stripes",
    length,
    shape: [6, 6, 1],
    classes: ["left", "right"],
    fingerprint: `stripes-${seed}-${length}`,
    image(index) {
      const label = index % 2;
      const noise = random(seed).fork(index).normals(36);
      const pixels = Uint8Array.from(noise, (value, at) => {
        const bright = at % 6 < 3 === (label === 0) ? 60 : -60;
        return Math.max(0, Math.min(255, 128 + bright + 30 * value));
      });
      return { pixels, label };
    },
  };
}

const folder = await mkdtemp(join(tmpdir(), "ddpm-metrics-"));
afterAll(() => rm(folder, { recursive: true, force: true }));
const dataset = stripes(1, 120);
const recipe = { name: "classifier", images: 288, batch: 12, width: 3, features: 6 };

test("the classifier learns, reports its accuracy, is cached, and gives the same features again", async () => {
  const sources = { ...nodeSources(join(folder, "kept")), dataset };
  const progress: number[] = [];
  const first = await extractors
    .create(recipe)
    .prepare({ ...sources, onProgress: (done) => progress.push(done) });
  expect(first.facts.heldOutAccuracy).toBeGreaterThan(0.9);
  expect(progress.at(-1)).toBe(1);
  const images = await imagesOf(dataset, [0, 1, 2]);
  const { features, logits } = await first.extract(images);
  expect([features.length, logits!.length]).toEqual([18, 6]);
  await expect(first.extract({ data: new Float32Array(64), shape: [1, 8, 8, 1] })).rejects.toThrow(/shape/);
  const all = await extractFeatures(first, batchesOf(dataset));
  const { mean, covariance } = featureStatistics(all.features);
  for (let k = 0; k < 6; k++) {
    expect(Math.abs(mean[k]!)).toBeLessThan(0.3);
    expect(Math.abs(covariance[7 * k]! - 1)).toBeLessThan(0.3);
  }
  const again = await extractors.create(recipe).prepare({
    ...sources,
    onProgress: () => {
      throw new Error("trained again");
    },
  });
  expect(again.fingerprint).toBe(first.fingerprint);
  expect(again.facts).toEqual(first.facts);
  expect((await again.extract(images)).features).toEqual(features);
  const fresh = await extractors.create(recipe).prepare({ dataset });
  expect(fresh.fingerprint).toBe(first.fingerprint);
  for (const extractor of [first, again, fresh]) extractor.dispose();
});

test("the classifier refuses what it cannot learn from", async () => {
  const { classes: _, ...plain } = dataset;
  const prepare = (sources: { dataset?: Dataset }) => extractors.create("classifier").prepare(sources);
  await expect(prepare({})).rejects.toThrow(/dataset is missing/);
  await expect(prepare({ dataset: plain })).rejects.toThrow(/0 classes, expected at least 2.*inception-v3/);
  await expect(prepare({ dataset: stripes(1, 20) })).rejects.toThrow(/too few/);
});

test("random features distinguish distributions and depend on their seed", async () => {
  const extractor = await extractors.create({ name: "random", width: 8 }).prepare({ dataset });
  const other = await extractors.create({ name: "random", width: 8, seed: 1 }).prepare({ dataset });
  expect(other.fingerprint).not.toBe(extractor.fingerprint);
  const of = async (indices: ArrayLike<number>) =>
    (await extractFeatures(extractor, batchesOf(dataset, { indices, batch: 25 }))).features;
  const every = (step: number, from: number) => Array.from({ length: 60 / step }, (_, i) => from + i * step);
  const all = await of(every(1, 0));
  expect([all.count, all.dimension, all.of]).toEqual([60, 8, extractor.fingerprint]);
  const value = (estimate: Estimate): number => estimate.value / estimate.standardError!;
  const left = await of(Array.from({ length: 60 }, (_, i) => 2 * i));
  const right = await of(Array.from({ length: 60 }, (_, i) => 2 * i + 1));
  expect(value(kidOfBlocks(left, right))).toBeGreaterThan(3);
  expect(Math.abs(value(kidOfBlocks(all, await of(every(1, 60)))))).toBeLessThan(3);
  extractor.dispose();
  other.dispose();
});

test("pixels are rounded as a file would hold them, and of the data set's shape", async () => {
  const extractor = await extractors.create("pixels").prepare({ dataset });
  const data = new Float32Array(36).fill(0.1234);
  const { features } = await extractor.extract({ data, shape: [1, 6, 6, 1] });
  expect(features[0]).toBeCloseTo(Math.round(0.1234 * 127.5 + 127.5) / 127.5 - 1, 6);
  await expect(extractor.extract({ data, shape: [1, 9, 4, 1] })).rejects.toThrow(/shape/);
});

test("an ONNX model's output is the features, axes and range as declared", async () => {
  const model = join(folder, "pool.onnx");
  await writeFile(model, poolingModel(2));
  const plain = { name: "onnx", model, mean: [0], deviation: [1] };
  const extractor = await nodeExtractors.create(plain).prepare({});
  expect(extractor.dimension).toBe(2);
  // Two pictures of 1 × 2 pixels and two channels: 255, 0 and 0, 51; then all 255.
  const data = Float32Array.of(1, -1, -1, -0.6, 1, 1, 1, 1);
  const { features } = await extractor.extract({ data, shape: [2, 1, 2, 2] });
  for (const [i, value] of [0.5, 0.1, 1, 1].entries()) expect(features[i]).toBeCloseTo(value, 6);
  extractor.dispose();
  await expect(nodeExtractors.create({ ...plain, output: "z" }).prepare({})).rejects.toThrow(
    /no output "z".*y/,
  );
});

test("real features and statistics are made once per content, extractor and transform, bit by bit", async () => {
  const store = folderStore(join(folder, "real"));
  const extractor = await extractors.create("pixels").prepare({ dataset });
  const { features } = await extractFeatures(extractor, batchesOf(dataset));
  let made = 0;
  const kept = (fingerprint: string, transform: unknown) =>
    cachedFeatures(store, { fingerprint, transform }, extractor, async () => {
      made++;
      return features;
    });
  expect(await kept("a", { size: 6 })).toEqual(features);
  expect(await kept("a", { size: 6 })).toEqual(features);
  expect(made).toBe(1);
  await kept("b", { size: 6 });
  await kept("a", { size: 7 });
  expect(made).toBe(3);
  const statistics = featureStatistics(features);
  const real = { fingerprint: "a", transform: null };
  const written = await cachedStatistics(store, real, extractor, async () => statistics);
  const read = await cachedStatistics(store, real, extractor, () => Promise.reject(new Error("made again")));
  expect([written, read]).toEqual([statistics, statistics]);
  expect((await readdir(join(folder, "real"))).every((name) => /^real-.*\.safetensors$/.test(name))).toBe(
    true,
  );
  await expect(
    cachedStatistics(store, real, { name: "x", fingerprint: "y" }, async () => statistics),
  ).rejects.toThrow(/expected y/);
  await expect(store.write("../outside", new Uint8Array(1))).rejects.toThrow(/plain file name/);
});

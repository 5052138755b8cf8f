import { useBackend } from "@ddpm/backends";
import type { StartedBackend } from "@ddpm/backends/authoring";
import { type ImageStream, random } from "@ddpm/core";
import { ddim, denoiseWith, l2, lastOf, samplingLoop, simple, v } from "@ddpm/diffusion";
import { type Features, memorisation, toFeatures } from "@ddpm/metrics";
import type { Memorisation } from "@ddpm/metrics/authoring";
import { cosine, uniform } from "@ddpm/schedules";
import { adam, constantRate, trainingLoop, warmupEma } from "@ddpm/trainer";
import { mlp } from "@ddpm/unet";
import { expect, test } from "vitest";

/** Numbers of a point: an image of one pixel with so many channels. */
const SIZE = 8;
const SEEN = 56_000;
const BATCH = 64;
const DRAWN = 200;

/** Normal points, each coordinate of its own spread, point k from the seed and k alone. */
function points(seed: number, count: number): Float32Array {
  const root = random(seed);
  const data = new Float32Array(count * SIZE);
  for (let k = 0; k < count; k++) {
    const z = root.fork(k).normals(SIZE);
    for (let c = 0; c < SIZE; c++) data[k * SIZE + c] = (0.3 + 0.05 * c) * z[c]!;
  }
  return data;
}

const asFeatures = (data: Float32Array): Features => toFeatures(data, SIZE, "the points themselves");

/** The first `count` points of the training set, over and over. */
function stream(data: Float32Array): ImageStream {
  const length = data.length / SIZE;
  return {
    shape: [1, 1, SIZE],
    length,
    fingerprint: `points-${length}`,
    async read(first, count) {
      const read = new Float32Array(count * SIZE);
      for (let k = 0; k < count; k++) {
        const from = ((first + k) % length) * SIZE;
        read.set(data.subarray(from, from + SIZE), k * SIZE);
      }
      return { data: read, shape: [count, 1, 1, SIZE] };
    },
  };
}

/** Trains the same network with the same settings on the first `count` points, draws from it, and checks the draws. */
async function checked(backend: StartedBackend, count: number): Promise<Memorisation> {
  const training = points(1, count);
  const parts = { denoiser: mlp({ channels: SIZE, width: 64 }), parameterization: v(), schedule: cosine() };
  const compile = backend.compile ? { compile: backend.compile } : {};
  const run = trainingLoop({
    ...{ ...parts, ...compile, times: uniform(), loss: l2(), weight: simple() },
    ...{
      images: stream(training),
      batch: BATCH,
      optimizer: adam(),
      learningRate: constantRate({ rate: 3e-3 }),
    },
    ...{ ema: warmupEma(), seed: 0, until: SEEN, logEvery: SEEN, every: { checkpoint: SEEN } },
  });
  for await (const event of run) {
    if (event.type !== "due") continue;
    const params = event.state.ema ?? event.state.params;
    const denoise = denoiseWith({ ...parts, params });
    const times = Float64Array.from({ length: 41 }, (_, i) => 1 - i / 40);
    const frames = samplingLoop({
      ...{ denoise, times, schedule: parts.schedule, sampler: ddim(), random: random(2) },
      shape: [DRAWN, 1, 1, SIZE],
    });
    const samples = await lastOf(frames);
    const generated = (await samples.data()) as Float32Array;
    samples.dispose();
    const heldOut = points(3, DRAWN);
    const sets = { generated, training, heldOut };
    const [a, b, c] = Object.values(sets).map(asFeatures);
    return memorisation({ generated: a!, training: b!, heldOut: c! });
  }
  throw new Error("the training ended without a checkpoint");
}

test("a network that learned 16 points by heart is found out, one that saw many is not", async () => {
  const backend = await useBackend("onnx", { threads: 1 });
  const byHeart = await checked(backend, 16);
  const honest = await checked(backend, 20_000);
  expect([byHeart.memorised, byHeart.heldOutCopies.value]).toEqual([true, 0]);
  expect(byHeart.copies.value).toBeGreaterThan(0.1);
  expect(honest.memorised).toBe(false);
  expect(honest.copies.value).toBeLessThan(0.05);
  expect(honest.test.p).toBeGreaterThan(1e-3);
});

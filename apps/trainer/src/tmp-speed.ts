import { random } from "@ddpm/core";
import { cosine, uniform } from "@ddpm/schedules";
import * as T from "@ddpm/trainer";
import { emas, optimizers, train } from "@ddpm/trainer";
import { annotated, ho } from "@ddpm/unet";
import * as tf from "@tensorflow/tfjs";
import { startBackend } from "./backends/index.ts";

console.log(Object.keys(T));
const b = await startBackend(process.argv[2] ?? "wasm", {});
const compile = process.env.PLAIN ? {} : b.compile ? { compile: b.compile } : {};
console.log(b);
const [size, width, net] = [
  Number(process.argv[3] ?? 16),
  Number(process.argv[4] ?? 16),
  process.argv[5] ?? "ho",
];
const C = net === "ho" ? 3 : 1;
const denoiser =
  net === "ho"
    ? ho({ width, multipliers: [1, 2, 2], blocks: 1, attention: [], dropout: 0, channels: 3 })
    : annotated({ dim: 28, channels: 1 } as never);
console.log(denoiser.specs.reduce((a, s) => a + s.shape.reduce((x, y) => x * y, 1), 0));
const r = random(1);
const images = {
  shape: [size, size, C] as const,
  length: 1000,
  fingerprint: "x",
  read: async (f: number, n: number) => ({
    data: r.normals(n * size * size * C),
    shape: [n, size, size, C] as const,
  }),
};
const eps = {
  name: "eps",
  at: ({ alpha, sigma, t }: any) => ({ skip: 1 / alpha, out: -sigma / alpha, in: 1, noise: t * 1000 - 1 }),
};
const w = { name: "simple", at: ({ alpha, sigma }: any) => (alpha / sigma) ** 2 };
let t0 = performance.now();
for await (const e of train({
  denoiser,
  parameterization: eps,
  weight: w,
  loss: { name: "l2", apply: (a: any, b: any) => tf.squaredDifference(a, b) } as never,
  schedule: cosine(),
  times: uniform(),
  images,
  batch: 32,
  optimizer: optimizers.create("adam"),
  learningRate: T.learningRates.create("constant"),
  ema: emas.create("warmup"),
  clip: 1,
  seed: 1,
  until: 32 * Number(process.argv[6] ?? 12),
  logEvery: 64,
  ...compile,
})) {
  console.log(
    JSON.stringify({ ...e, state: undefined }),
    Math.round(performance.now() - t0),
    tf.memory().numTensors,
  );
  t0 = performance.now();
}
process.exit();

import { useBackend } from "@ddpm/backends";
import { eps, l2, simple } from "@ddpm/diffusion";
import { saveCheckpoint } from "@ddpm/runs";
import { fsStorage } from "@ddpm/runs/node";
import { linear, uniform } from "@ddpm/schedules";
import { adamw, constantRate, trainingLoop, warmupEma } from "@ddpm/trainer";
import { mlp } from "@ddpm/unet";

await useBackend("auto");
// Points on a circle as images of 1 × 1 pixels and 2 channels: image k is a function of k alone.
const coordinate = (k: number): number => Math.sin(Math.floor(k / 2) + ((k % 2) * Math.PI) / 2);
const images = {
  shape: [1, 1, 2] as const,
  length: 1000,
  fingerprint: "circle",
  read: async (first: number, count: number) => ({
    data: Float32Array.from({ length: 2 * count }, (_, i) => coordinate(2 * first + i)),
    shape: [count, 1, 1, 2] as const,
  }),
};

const run = fsStorage("runs/circle");
const training = trainingLoop({
  denoiser: mlp({ width: 32 }),
  parameterization: eps(),
  schedule: linear(),
  times: uniform(),
  loss: l2(),
  weight: simple(),
  images,
  batch: 64,
  optimizer: adamw(),
  learningRate: constantRate({ rate: 2e-3 }),
  ema: warmupEma(),
  seed: 0,
  until: 6_400,
  logEvery: 1_600,
  every: { checkpoint: 1_600 },
});
for await (const event of training) {
  if (event.type === "step") console.log(`${event.images} images: loss ${event.loss.toFixed(3)}`);
  if (event.type === "due")
    await saveCheckpoint(run, event.state, { note: "points on a circle" }, { keep: 2 });
}

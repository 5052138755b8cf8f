import type { CompileStep, Denoiser } from "@ddpm/core";
import { eps, l2, simple } from "@ddpm/diffusion";
import { linear, uniform } from "@ddpm/schedules";
import { adamw, constantRate, disposeState, trainingLoop, warmupEma } from "@ddpm/trainer";
import { ho } from "@ddpm/unet";

const BATCH = 2;
const SIZE = 8;
const PIXELS = SIZE * SIZE * 3;

/** A small U-Net with attention and dropout. */
const small = (): Denoiser =>
  ho({ width: 16, multipliers: [1, 2], blocks: 1, attention: [1], groupSize: 8, dropout: 0.1 });

/** The losses of a training with averaging and clipping, on the current backend; the same for the same network. */
export async function smallLosses(
  steps: number,
  compile?: CompileStep,
  denoiser: Denoiser = small(),
): Promise<readonly number[]> {
  const training = trainingLoop({
    denoiser,
    parameterization: eps(),
    schedule: linear(),
    times: uniform(),
    loss: l2(),
    weight: simple(),
    images: {
      shape: [SIZE, SIZE, 3],
      length: 1000,
      fingerprint: "waves",
      read: async (first, count) => ({
        data: Float32Array.from({ length: count * PIXELS }, (_, i) => Math.sin((first * PIXELS + i) ** 1.1)),
        shape: [count, SIZE, SIZE, 3],
      }),
    },
    batch: BATCH,
    optimizer: adamw(),
    learningRate: constantRate({ rate: 1e-3 }),
    ema: warmupEma(),
    clip: 1,
    seed: 0,
    until: steps * BATCH,
    logEvery: BATCH,
    ...(compile ? { compile } : {}),
  });
  const losses: number[] = [];
  for await (const event of training) {
    if (event.type === "step") losses.push(event.loss);
    if (event.type === "done") disposeState(event.state);
  }
  return losses;
}

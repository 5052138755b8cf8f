import { eps, l2, simple } from "@ddpm/diffusion";
import { linear, uniform } from "@ddpm/schedules";
import { adamw, constantRate, disposeState, train, warmupEma } from "@ddpm/trainer";
import { ho } from "@ddpm/unet";
import { beforeAll, describe, expect, test } from "vitest";
import { startBackend } from "../src/backends/index.ts";

const STEPS = 50;
/** Steps that are done a second time. */
const AGAIN = 12;
const BATCH = 2;
const SIZE = 8;
const PIXELS = SIZE * SIZE * 3;

/** The losses of a U-Net with attention, dropout and clipping. */
async function lossesOn(backend: string, steps: number): Promise<readonly number[]> {
  const { compile } = await startBackend(backend, { threads: 2 });
  const training = train({
    denoiser: ho({ width: 16, multipliers: [1, 2], blocks: 1, attention: [1], groupSize: 8, dropout: 0.1 }),
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
  for (;;) {
    const { done, value } = await training.next();
    if (!done) {
      if (value.type === "step") losses.push(value.loss);
      continue;
    }
    disposeState(value);
    return losses;
  }
}

describe(`${STEPS} steps of training`, () => {
  let onnx: readonly number[];
  beforeAll(async () => {
    onnx = await lossesOn("onnx", STEPS);
  });

  test("have the losses of wasm to 1e-4", async () => {
    const wasm = await lossesOn("wasm", STEPS);
    expect(onnx).toHaveLength(STEPS);
    for (const [step, loss] of wasm.entries()) {
      expect(Math.abs(onnx[step]! / loss - 1), `step ${step}`).toBeLessThan(1e-4);
    }
    expect(onnx.at(-1)).toBeLessThan(onnx[0]!);
  });

  test("have the same bits for the same seed and number of threads", async () => {
    expect(await lossesOn("onnx", AGAIN)).toEqual(onnx.slice(0, AGAIN));
  });
});

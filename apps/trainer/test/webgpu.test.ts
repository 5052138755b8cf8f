import { existsSync } from "node:fs";
import { join } from "node:path";
import { useBackend } from "@ddpm/backends";
import { ho } from "@ddpm/unet";
import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, test } from "vitest";
import { temporaryFolder } from "./support/command.ts";
import { hasGraphics, useGraphics } from "./support/graphics.ts";
import { compareSteps, oneStep, type Step } from "./support/one-step.ts";
import { smallLosses } from "./support/small-losses.ts";
import { smallRun } from "./support/small-run.ts";
import { trainHere } from "./support/train-here.ts";

const STEPS = 4;
/** A software device compiles every shader on the processor. */
const PATIENCE = 240_000;

const smallest = () => ho({ width: 8, multipliers: [1], blocks: 1, attention: [], groupSize: 4, dropout: 0 });

function expectAgreement(losses: readonly number[], expected: readonly number[]): void {
  for (const [step, loss] of losses.entries())
    expect(Math.abs(loss / expected[step]! - 1), `step ${step}`).toBeLessThan(1e-4);
}

describe.skipIf(!hasGraphics)(`${STEPS} steps of training on webgpu`, () => {
  let fused: readonly number[];
  let again: readonly number[];
  let wasm: readonly number[];
  let step: Step;
  beforeAll(async () => {
    useGraphics();
    await useBackend("webgpu", {});
    fused = await smallLosses(STEPS, undefined, smallest());
    again = await smallLosses(STEPS, undefined, smallest());
    step = await oneStep("webgpu", smallest());
    await useBackend("wasm", {});
    wasm = await smallLosses(STEPS, undefined, smallest());
  }, PATIENCE);

  test("have the losses of wasm", () => {
    expect(fused).toHaveLength(STEPS);
    expectAgreement(fused, wasm);
  });

  test("have the same bits for the same seed", () => {
    expect(again).toEqual(fused);
  });

  test("have the gradients of the cpu backend", async () => {
    const { loss, wrong } = compareSteps(step, await oneStep("cpu", smallest()));
    expect(loss).toBeLessThan(1e-4);
    expect(wrong).toEqual([]);
  });
});

describe.skipIf(!hasGraphics)("a run whose graphics device is lost", () => {
  beforeAll(useGraphics);

  test(
    "ends with what happened and what to do, and keeps its last checkpoint",
    async () => {
      const description = {
        ...smallRun,
        data: { source: "shapes", size: 16, count: 60 },
        denoiser: { name: "dit", hiddenSize: 16, depth: 1, numHeads: 2, patchSize: 4 },
        train: { images: 24, batch: 4 },
        every: { ...smallRun.every, log: 4, checkpoint: 4 },
      };
      const folder = join(temporaryFolder(), "lost");
      const run = trainHere(
        description,
        folder,
        ({ event, images }) => {
          const { device } = tf.backend() as unknown as { device: { destroy(): void } };
          if (event === "step" && images === 8) device.destroy();
        },
        "webgpu",
      );
      await expect(run).rejects.toThrow(/graphics device was lost.*last checkpoint/);
      expect(existsSync(join(folder, "checkpoints", "000000000004", "state.json"))).toBe(true);
    },
    PATIENCE,
  );
});

import "@tensorflow/tfjs";
import { momentAt } from "@ddpm/core";
import type { StepInput } from "@ddpm/core/authoring";
import { linear } from "@ddpm/schedules";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";
import { ddpm, samplers } from "../src/index.ts";

const schedule = linear({ steps: 10, betaStart: 0.01, betaEnd: 0.3 });
const image = (value: number) => tf.fill([1, 1, 1, 1], value) as tf.Tensor4D;
/** A step from one training step to another, −1 for clean images; the guess and the noise are constants. */
const stepFrom = (from: number, to: number, more: Partial<StepInput> = {}): StepInput => ({
  x: image(0.7),
  from: momentAt(schedule, (from + 1) / 10),
  to: momentAt(schedule, (to + 1) / 10),
  schedule,
  denoise: () => ({ x0: image(0.25) }),
  noise: () => image(1.5),
  history: [],
  index: 0,
  count: 5,
  memo: undefined,
  ...more,
});

describe("noiseScale", () => {
  test.each([
    "ddim",
    "euler-ancestral",
    "dpm-2",
    "dpmpp-2s-ancestral",
    "dpmpp-sde",
    "dpmpp-2m-sde",
    "dpmpp-3m-sde",
    "dpm-fast",
  ])("multiplies the fresh noise of %s, and nothing else", (name) => {
    const after = (noiseScale: number, eta = 1) =>
      tf.tidy(() => samplers.create({ name, eta, noiseScale }).step(stepFrom(7, 4)).x.dataSync()[0]!);
    const [none, once, twice] = [after(0), after(1), after(2)];
    expect(Math.abs(once - none)).toBeGreaterThan(0.05);
    expect(twice - none).toBeCloseTo(2 * (once - none), 5);
    expect(after(1, 0)).toBeCloseTo(after(3, 0), 6);
  });
});

describe("a classifier's push in ddpm's last step", () => {
  const last = (variance: "fixed-small" | "fixed-large" | "learned", memo: unknown) =>
    tf.tidy(() => {
      const denoise = () => ({ x0: image(0.25), push: image(2), variance: image(0.04) });
      return ddpm({ variance })
        .step(stepFrom(0, -1, { denoise, memo }))
        .x.dataSync()[0]!;
    });

  test("counts by the variance that the reference takes there, and adds no noise", () => {
    const { memo } = tf.tidy(() => {
      const { memo } = ddpm({ variance: "fixed-large" }).step(stepFrom(1, 0));
      return { memo: memo as number };
    });
    const betas = schedule.betas!;
    const abar = [1 - betas[0]!, (1 - betas[0]!) * (1 - betas[1]!)] as const;
    expect(memo).toBeCloseTo((betas[1]! * (1 - abar[0])) / (1 - abar[1]), 12);
    expect(last("fixed-small", memo)).toBeCloseTo(0.25, 6);
    expect(last("fixed-large", memo)).toBeCloseTo(0.25 + 2 * memo, 6);
    expect(last("learned", memo)).toBeCloseTo(0.25 + 2 * 0.04, 6);
  });
});

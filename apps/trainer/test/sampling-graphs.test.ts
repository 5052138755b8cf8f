import "@tensorflow/tfjs";
import { random } from "@ddpm/core";
import { denoiseWith, lastOf, parameterizations, samplers, samplingLoop } from "@ddpm/diffusion";
import { linear, trailing } from "@ddpm/schedules";
import { compiledStep, onnxStatistics } from "@ddpm/tfjs-backend-onnx";
import { denoisers } from "@ddpm/unet";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";

beforeAll(async () => {
  await tf.setBackend("onnx");
});

/** How often something was read back from the backend while `work` ran. */
async function readBacks(work: () => Promise<void>): Promise<number> {
  const { backend } = tf.engine();
  const { read, readSync } = backend;
  let count = 0;
  backend.read = (id) => {
    count++;
    return read.call(backend, id);
  };
  backend.readSync = (id) => {
    count++;
    return readSync.call(backend, id);
  };
  try {
    await work();
  } finally {
    Object.assign(backend, { read, readSync });
  }
  return count;
}

test.each(["ddpm", "ddim", "dpmpp-2m", "heun", "unipc"])(
  "%s: one network graph for all steps and sampling runs, nothing read back in between",
  async (name) => {
    const shape = [2, 4, 4, 3] as const;
    const denoiser = denoisers.create({
      name: "ho",
      width: 4,
      multipliers: [1],
      blocks: 1,
      attention: [],
      groupSize: 4,
    });
    const params = denoiser.init(random(1));
    const schedule = linear();
    let compiled = 0;
    const compile: typeof compiledStep = (step) => {
      compiled++;
      return compiledStep(step);
    };
    const parameterization = parameterizations.create("eps");
    const denoise = denoiseWith({ denoiser, params, parameterization, schedule, compile });
    const samplingRun = async (steps: number): Promise<void> => {
      const times = trailing().times(steps, schedule);
      const sampler = samplers.create(name);
      const images = await lastOf(
        samplingLoop({ denoise, schedule, sampler, times, shape, random: random(0) }),
      );
      images.dispose();
    };
    const compilations = async (steps: number): Promise<number> => {
      const before = onnxStatistics().compilations;
      expect(await readBacks(() => samplingRun(steps))).toBe(0);
      return onnxStatistics().compilations - before;
    };
    expect(await compilations(6)).toBeGreaterThan(0);
    // The first sampling run compiled the network in its first step, where the next has it already.
    await samplingRun(6);
    expect(await compilations(14)).toBe(0);
    expect(compiled).toBe(1);
    tf.dispose(params);
  },
);

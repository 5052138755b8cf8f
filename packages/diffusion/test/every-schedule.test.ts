import "@tensorflow/tfjs";
import { isDdpmError, type NoiseSchedule, random, type Sampler } from "@ddpm/core";
import { even, schedules } from "@ddpm/schedules";
import { gaussianOracle } from "@ddpm/testing";
import { expect, test } from "vitest";
import { lastOf, samplers, samplingLoop } from "../src/index.ts";

/** Options of schedules that have no default. */
const needed: Readonly<Record<string, object>> = {
  custom: { betas: [0.01, 0.1, 0.2, 0.3, 0.5] },
  shifted: { imageSize: 64 },
  "zero-terminal": { of: "linear" },
};
const every: readonly NoiseSchedule[] = schedules.names.map((name) =>
  schedules.create({ name, ...needed[name] }),
);
const oracle = gaussianOracle();

/** What a trajectory of a few steps ends with, or why it was refused. */
async function outcome(schedule: NoiseSchedule, sampler: Sampler): Promise<"finite" | string> {
  const times = even().times(5, schedule);
  const options = { denoise: oracle.denoise, schedule, sampler, times, random: random(1) };
  try {
    const images = await lastOf(samplingLoop({ ...options, shape: [1, 1, 1, 3] }));
    const values = [...images.dataSync()];
    images.dispose();
    return values.every(Number.isFinite) ? "finite" : `${values.join(" ")}`;
  } catch (error) {
    if (!isDdpmError(error)) throw error;
    return error.message;
  }
}

test.each(samplers.names)("%s runs on every built-in schedule, or says why not", async (name) => {
  const refusals: Record<string, string> = {};
  for (const schedule of every) {
    const found = await outcome(schedule, samplers.create(name));
    if (found !== "finite") refusals[schedule.name] = found;
  }
  // It works in λ, which is infinite where no signal is left: the one sampler that cannot start there.
  const silent = every.filter(({ at }) => at(1).alpha < 1e-7).map(({ name }) => name);
  expect(Object.keys(refusals)).toEqual(name === "dpm-adaptive" ? silent : []);
  for (const reason of Object.values(refusals)) expect(reason).toContain("no signal is left at the start");
});

/** `dpm-adaptive` chooses its own steps; `ode-time` takes Euler's step in t, along which alpha is no straight line. */
const notExact: readonly string[] = ["dpm-adaptive", "ode-time"];

test.each(samplers.names.filter((name) => !notExact.includes(name)))(
  "%s with one step ends at the estimate of the clean images",
  async (name) => {
    for (const schedule of every.filter((one) =>
      ["linear", "cosine", "edm", "rectified"].includes(one.name),
    )) {
      const estimates: number[][] = [];
      const denoise: typeof oracle.denoise = (x, noise) => {
        const estimate = oracle.denoise(x, noise);
        estimates.push([...estimate.x0.dataSync()]);
        return estimate;
      };
      const times = even().times(1, schedule);
      const options = { denoise, schedule, sampler: samplers.create(name), times, random: random(1) };
      const images = await lastOf(samplingLoop({ ...options, shape: [2, 1, 1, 3] }));
      const error = [...images.dataSync()].map((value, i) => Math.abs(value - estimates[0]![i]!));
      images.dispose();
      expect([schedule.name, Math.max(...error) < 1e-6]).toEqual([schedule.name, true]);
    }
  },
);

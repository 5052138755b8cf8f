// Measure the order of samplers on a problem with a known solution.
import { random } from "@ddpm/core";
import { lastOf, samplers, samplingLoop } from "@ddpm/diffusion";
import { even, vp } from "@ddpm/schedules";
import { mul } from "@tensorflow/tfjs-core";
import { useBackend } from "ddpm";

await useBackend("cpu");
const schedule = vp();
// Data ~ N(0, 0.25): the mean of x_0 given x_t is linear, and so is the exact solution.
const variance = 0.25;
const total = ({ alpha, sigma }) => alpha ** 2 * variance + sigma ** 2;
const denoise = (x, level) => ({ x0: mul(x, (level.alpha * variance) / total(level)) });
const run = async (name, steps) => {
  const times = even({ last: 0.1 }).times(steps, schedule).slice(0, -1);
  const frame = { denoise, schedule, sampler: samplers.create(name), times, shape: [1, 1, 1, 1] };
  const [x] = await (await lastOf(samplingLoop({ ...frame, random: random(0) }))).data();
  const start = random(0).fork(0).fork("start").normals(1)[0];
  const [from, to] = [times[0], times.at(-1)].map((t) => total(schedule.at(t)));
  return Math.abs(x - start * Math.sqrt(to / from));
};
for (const name of ["ddim", "heun", "dpm-2"]) {
  const errors = [await run(name, 20), await run(name, 40)];
  console.log(
    `${name}: error ${errors[1].toExponential(1)}, order ${Math.log2(errors[0] / errors[1]).toFixed(2)}`,
  );
}

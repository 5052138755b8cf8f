// Between two seeds.
import { random } from "@ddpm/core";
import { clip, ddim, denoiseWith, initialNoise, lastOf, samplingLoop, slerp } from "@ddpm/diffusion";
import { trailing } from "@ddpm/schedules";
import { concat } from "@tensorflow/tfjs-core";
import { grid, png, useBackend } from "ddpm";
import { shippedModel, show } from "playground";

await useBackend("auto");
const fashion = await shippedModel("fashion");
const [a, b] = [4, 9].map((seed) =>
  initialNoise({ random: random(seed), first: 0, shape: [1, ...fashion.shape] }),
);
const start = concat(Array.from({ length: 8 }, (_, k) => slerp(a, b, k / 7)));
const x = await lastOf(
  samplingLoop({
    denoise: clip()(denoiseWith(fashion)),
    schedule: fashion.schedule,
    sampler: ddim(),
    times: trailing().times(12, fashion.schedule),
    shape: start.shape,
    random: random(0),
    start,
  }),
);
show(png(grid({ data: await x.data(), shape: x.shape }, { columns: 8, scale: 2 })));

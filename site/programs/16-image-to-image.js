// Redraw an image from the middle of its noise.
import { momentAt, random } from "@ddpm/core";
import { clip, ddim, denoiseWith, lastOf, samplingLoop, startFrom } from "@ddpm/diffusion";
import { trailing } from "@ddpm/schedules";
import { tensor4d, tile } from "@tensorflow/tfjs-core";
import { grid, png, sample, useBackend } from "ddpm";
import { shippedModel, show } from "playground";

await useBackend("auto");
const shapes = await shippedModel("shapes");
const given = await sample(shapes, { count: 1, steps: 15, seed: 5 });
show(png(grid(given, { scale: 4 })), "given");

const shape = [8, 16, 16, 3];
const x0 = tile(tensor4d(given.data, given.shape), [8, 1, 1, 1]);
const times = trailing().times(20, shapes.schedule).slice(-13); // the last 12 of 20 steps
const start = startFrom(x0, momentAt(shapes.schedule, times[0]), { random: random(1), first: 0, shape });
const x = await lastOf(
  samplingLoop({
    denoise: clip()(denoiseWith(shapes)),
    schedule: shapes.schedule,
    sampler: ddim({ eta: 1 }),
    ...{ times, start, shape, random: random(2) },
  }),
);
show(png(grid({ data: await x.data(), shape }, { columns: 8, scale: 3 })), "redrawn eight times");

// A film from noise to images.
import { gif, grid, png, sample, useBackend } from "ddpm";
import { shippedModel, show } from "playground";

await useBackend("auto");
const shapes = await shippedModel("shapes");
const frames = [];
for await (const { x } of sample(shapes, { count: 8, steps: 20, sampler: "ddpm" })) {
  frames.push(grid({ data: await x.data(), shape: x.shape }, { columns: 8, scale: 3 }));
}
show(gif(frames, { delay: 120 }));
show(png(frames.at(-1)));

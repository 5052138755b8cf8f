// Four samplers from the same noise, eight steps each.
import { grid, png, sample, useBackend } from "ddpm";
import { shippedModel, show } from "playground";

await useBackend("auto");
const shapes = await shippedModel("shapes");
for (const sampler of ["ddim", "dpmpp-2m", "unipc", "ddpm"]) {
  const images = await sample(shapes, { count: 8, steps: 8, sampler, seed: 3 });
  show(png(grid(images, { columns: 8, scale: 3 })), sampler);
}

// Your own sampler: one function.
import { moveTo, predict } from "@ddpm/diffusion/authoring";
import { grid, png, sample, useBackend } from "ddpm";
import { shippedModel, show } from "playground";

await useBackend("auto");
const shapes = await shippedModel("shapes");
// From one noise level to the next: predict the clean image, and move along the prediction.
const plain = {
  name: "plain",
  order: 1,
  step({ x, from, to, denoise }) {
    const prediction = predict(x, from, denoise);
    return { x: moveTo(prediction, to), prediction };
  },
};
const images = await sample(shapes, { count: 8, steps: 12, sampler: plain });
show(png(grid(images, { columns: 8, scale: 3 })));

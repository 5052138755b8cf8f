// Stronger and stronger guidance.
import { grid, png, sample, useBackend } from "ddpm";
import { shippedModel, show } from "playground";

await useBackend("auto");
const shapes = await shippedModel("shapes");
for (const guidance of [0.5, 1, 2, 5]) {
  const images = await sample(shapes, { count: 8, label: "star", guidance, steps: 10, seed: 2 });
  show(png(grid(images, { columns: 8, scale: 3 })), `guidance ${guidance}`);
}

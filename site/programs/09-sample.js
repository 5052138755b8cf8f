// Sample a trained model.
import { grid, png, sample, useBackend } from "ddpm";
import { shippedModel, show } from "playground";

const { name, detail } = await useBackend("auto");
console.log(`${name}: ${detail}`);
const shapes = await shippedModel("shapes");
const images = await sample(shapes, { count: 16, steps: 15, seed: 1 });
show(png(grid(images, { columns: 8, scale: 3 })));

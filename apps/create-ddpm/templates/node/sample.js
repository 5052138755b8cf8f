// Samples from the model that train.js saved, and writes a PNG.

import { writeFileSync } from "node:fs";
import { grid, model, png, sample, useBackend } from "ddpm";
import { loadModel } from "ddpm/node";

await useBackend("auto");
const trained = await loadModel(model(), "model");
const images = await sample(trained, { count: 16, steps: 20, seed: Number(process.argv[2] ?? 1) });
writeFileSync("samples.png", png(grid(images, { scale: 4 })));
console.log("wrote samples.png");

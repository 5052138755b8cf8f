// Trains a small model on drawn shapes, saves it, and writes samples as a PNG.
//
//   npm start              9,600 images, a minute or two
//   npm start -- 48000     more images, better pictures

import { writeFileSync } from "node:fs";
import { grid, model, png, sample, shapes, train, useBackend } from "ddpm";
import { saveModel } from "ddpm/node";

const until = Number(process.argv[2] ?? 9_600);

const backend = await useBackend("auto");
console.log(`computes with ${backend.name}`);

// Your own images: `await openDataset("folder", { size: 16 })` of ddpm/node.
const training = train(model(), shapes({ size: 16 }), { until });
for await (const event of training) {
  if (event.type === "step") console.log(`${event.images} of ${until} images, loss ${event.loss.toFixed(4)}`);
}
const trained = await training;
await saveModel(trained, "model");

const images = await sample(trained, { count: 16, steps: 20 });
writeFileSync("shapes.png", png(grid(images, { scale: 4 })));
console.log("wrote model and shapes.png; more samples: npm run sample");

// Train a small U-Net for a few seconds: rough shapes appear.
import { cosineRate } from "@ddpm/trainer";
import { grid, ho, model, png, sample, shapes, train, useBackend } from "ddpm";
import { show } from "playground";

await useBackend("auto");
const small = model({
  denoiser: ho({ width: 16, multipliers: [1, 2], blocks: 1, attention: [], dropout: 0 }),
});
const training = train(small, shapes({ size: 16 }), {
  until: 1_600,
  learningRate: cosineRate({ rate: 0.002 }),
});
for await (const event of training) {
  if (event.type === "step") console.log(`${event.images} images, loss ${event.loss.toFixed(3)}`);
}
const images = await sample(await training, { count: 16, steps: 10 });
show(png(grid(images, { columns: 8, scale: 5 })));

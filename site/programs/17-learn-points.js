// Learn two moons, and sample them.
import { cosineRate } from "@ddpm/trainer";
import { mlp, model, moons, sample, train, useBackend } from "ddpm";
import { scatter } from "playground";

await useBackend("wasm");
const points = model({ denoiser: mlp({ width: 64 }) });
const training = train(points, moons(), {
  until: 40_000,
  batch: 256,
  learningRate: cosineRate({ rate: 0.003 }),
});
for await (const event of training) {
  if (event.type === "step") console.log(`${event.images} points, loss ${event.loss.toFixed(3)}`);
}
const { data } = await sample(await training, { count: 500, steps: 20 });
scatter([data]);

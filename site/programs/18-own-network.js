// Your own network, on points.

import { cosineRate } from "@ddpm/trainer";
import { denoiserFrom, dense, scope } from "@ddpm/unet/authoring";
import { concat, reshape, tanh } from "@tensorflow/tfjs-core";
import { model, sample, spiral, train, useBackend } from "ddpm";
import { scatter } from "playground";

await useBackend("wasm");
const root = scope();
const first = dense(root.child("first"), { in: 3, out: 96 });
const second = dense(root.child("second"), { in: 96, out: 96 });
const last = dense(root.child("last"), { in: 96, out: 2 });
// x [B, 1, 1, 2], and the noise level of each point, [B].
const forward = (run, x, noise) => {
  const level = reshape(noise, [-1, 1]);
  const h = tanh(first(run, concat([reshape(x, [-1, 2]), level], 1)));
  return reshape(last(run, tanh(second(run, h))), x.shape);
};
const denoiser = denoiserFrom(root, { name: "plane", channels: 2, forward });
const options = { until: 60_000, batch: 256, learningRate: cosineRate({ rate: 0.005 }) };
const trained = await train(model({ denoiser }), spiral(), options);
const { data } = await sample(trained, { count: 500, steps: 20 });
scatter([data]);

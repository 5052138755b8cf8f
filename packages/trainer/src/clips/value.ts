import type { Plugin } from "@ddpm/core";
import * as tf from "@tensorflow/tfjs-core";
import * as z from "zod";
import { mapTogether } from "../optimizers/arithmetic/pack-tensors.ts";
import { plugin } from "../plugin.ts";
import type { Clip } from "./clip.ts";

/** Every number of every gradient held in [−clipValue, clipValue]: the direction may turn. */
export const value: Plugin<{ clipValue?: number }, Clip> = plugin({
  name: "value",
  about: "Bounds every number on its own.",
  source: "torch.nn.utils.clip_grad_value_",
  options: { clipValue: z.number().positive().default(1).describe("largest absolute value") },
  create: ({ clipValue }): Clip => ({
    name: "value",
    apply: (gradients) =>
      mapTogether(gradients, (gradient) => tf.clipByValue(gradient, -clipValue, clipValue)),
  }),
});

import type { Plugin } from "@ddpm/core";
import * as tf from "@tensorflow/tfjs-core";
import { plugin } from "../../plugin.ts";
import type { ElementLoss } from "./element-loss.ts";

/** |F − target|. Source: Saharia et al. 2021, "Palette", section 4; the default of denoising-diffusion-pytorch in 2022. */
export const l1: Plugin<Record<never, never>, ElementLoss> = plugin({
  name: "l1",
  about: "Absolute error.",
  source: "Saharia et al. 2021, Palette; denoising-diffusion-pytorch",
  options: {},
  create: () => ({ name: "l1", apply: (f, target) => tf.abs(tf.sub(f, target)) }),
});

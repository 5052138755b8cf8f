import type { Denoiser, Plugin } from "@ddpm/core";
import { memoryAttention } from "../../layers/attention/memory-attention.ts";
import { conv1d } from "../../layers/linear/conv1d.ts";
import { asImage, asSignal, repeatLength } from "../../layers/skeletons/signals.ts";
import type { LevelSteps } from "../../layers/skeletons/twin-skips.ts";
import { plugin } from "../../plugin.ts";
import { positiveInteger } from "../../positive-integer.ts";
import { lucidrainsNetwork, type SharedOptions, sharedOptions } from "./shared.ts";

/** Options of {@link lucidrains1d}; meanings, ranges and defaults are in its schema. */
export interface Lucidrains1dOptions extends Omit<SharedOptions, "imageChannels"> {
  attnDimHead?: number;
  attnHeads?: number;
}

const { imageChannels: _, channels, ...shared } = sharedOptions;

const options = {
  ...shared,
  channels: channels.describe("channels of the signals"),
  attnDimHead: positiveInteger.default(32).describe("numbers per head of the attention in the middle"),
  attnHeads: positiveInteger.default(4).describe("heads of the attention in the middle"),
};

/** Linear attention at every level, as the reference fixes it. */
const LINEAR = { heads: 4, headWidth: 32, linear: true } as const;

const signalSteps: LevelSteps = {
  down: (at, { resizes, ...channels }) =>
    conv1d(at, { ...channels, ...(resizes ? { kernel: 4, stride: 2, padding: 1 } : {}) }),
  up(at, { resizes, ...channels }) {
    const conv = conv1d(at, channels);
    return (run, x) => conv(run, resizes ? repeatLength(x) : x);
  },
};

/** lucidrains' U-Net for signals [B, L, C] as of version 2.3.1. */
export const lucidrains1d: Plugin<Lucidrains1dOptions, Denoiser> = plugin({
  name: "lucidrains-1d",
  about:
    "lucidrains' Unet1D for signals, its arguments in camel case: RMS norms, linear attention at every level.",
  source: "lucidrains/denoising-diffusion-pytorch 2.3.1, class Unet1D",
  options,
  create: (given): Denoiser =>
    lucidrainsNetwork(given, {
      name: "lucidrains-1d",
      axes: 1,
      conv: conv1d,
      attention: (at, channels, level) =>
        memoryAttention(at, {
          channels,
          memories: 0,
          ...(level === undefined
            ? { heads: given.attnHeads, headWidth: given.attnDimHead, linear: false }
            : LINEAR),
        }),
      steps: signalSteps,
      asImage,
      asSample: asSignal,
    }),
});

import type { Denoiser, Plugin } from "@ddpm/core";
import type * as tf from "@tensorflow/tfjs-core";
import * as z from "zod";
import { memoryAttention } from "../../layers/attention/memory-attention.ts";
import { conv2d } from "../../layers/linear/conv2d.ts";
import { plugin } from "../../plugin.ts";
import { positiveInteger } from "../../positive-integer.ts";
import { lucidrainsNetwork, type SharedOptions, sharedOptions } from "./shared.ts";

const perLevel = z.union([positiveInteger, z.array(positiveInteger)]);

/** Options of {@link lucidrains}; meanings, ranges and defaults are in its schema. */
export interface LucidrainsOptions extends SharedOptions {
  attnDimHead?: number | number[];
  attnHeads?: number | number[];
  fullAttn?: boolean | boolean[] | null;
}

const options = {
  ...sharedOptions,
  attnDimHead: perLevel.default(32).describe("numbers per head, for all levels or each"),
  attnHeads: perLevel.default(4).describe("attention heads, for all levels or each"),
  fullAttn: z
    .union([z.boolean(), z.array(z.boolean())])
    .nullish()
    .describe("full attention instead of linear, for all levels or each; left out: at the deepest"),
};

/** Levels of {@link lucidrains} with full attention, the finest 0; the others have linear attention. */
export function lucidrainsFullAttention({
  dimMults,
  fullAttn,
}: {
  readonly dimMults: readonly number[];
  readonly fullAttn?: LucidrainsOptions["fullAttn"] | undefined;
}): number[] {
  if (!fullAttn) return [dimMults.length - 1];
  return dimMults.flatMap((_, level) => (fullAttn === true || fullAttn[level] ? [level] : []));
}

/** lucidrains' U-Net as of version 2.3.1; 35,711,491 parameters by default. */
export const lucidrains: Plugin<LucidrainsOptions, Denoiser> = plugin({
  name: "lucidrains",
  about:
    "lucidrains' Unet, its arguments in camel case: RMS norms, attention at every level with learned memories.",
  source: "lucidrains/denoising-diffusion-pytorch 2.3.1, class Unet",
  options,
  create(given): Denoiser {
    const deepest = given.dimMults.length - 1;
    const full = lucidrainsFullAttention(given);
    const of = (value: number | number[], level: number): number =>
      typeof value === "number" ? value : (value[level] ?? value.at(-1)!);
    return lucidrainsNetwork(given, {
      name: "lucidrains",
      axes: 2,
      conv: conv2d,
      attention: (at, channels, level = deepest + 1) =>
        memoryAttention(at, {
          channels,
          heads: of(given.attnHeads, Math.min(level, deepest)),
          headWidth: of(given.attnDimHead, Math.min(level, deepest)),
          linear: level <= deepest && !full.includes(level),
        }),
      asImage: (x) => x as tf.Tensor4D,
      asSample: (x) => x,
    });
  },
});

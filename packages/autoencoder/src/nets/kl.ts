import { fail, type Plugin } from "@ddpm/core";
import type { Autoencoder, PerChannel } from "@ddpm/core/authoring";
import { conv2d, positiveInteger, scope } from "@ddpm/unet/authoring";
import * as z from "zod";
import { autoencoderFrom } from "../autoencoder-from.ts";
import { plugin } from "../plugin.ts";
import { decoder } from "./levels/decoder.ts";
import { encoder } from "./levels/encoder.ts";
import { type LevelOptions, levelOptions } from "./levels/options.ts";
import { levelsOf } from "./levels/structure.ts";

const where = "autoencoder/kl";

/** Options of {@link klAutoencoder}; meanings, ranges and defaults are in its schema. */
export interface KlAutoencoderOptions extends LevelOptions {
  latentChannels?: number | undefined;
  useQuantConv?: boolean | undefined;
  usePostQuantConv?: boolean | undefined;
  shiftFactor?: number | null | undefined;
  latentsMean?: number[] | null | undefined;
  latentsStd?: number[] | null | undefined;
}

/** The KL autoencoder of latent diffusion. */
export const klAutoencoder: Plugin<KlAutoencoderOptions, Autoencoder> = plugin({
  name: "kl",
  about: "diffusers' AutoencoderKL, its config.json in camel case: latents with a normal distribution each.",
  source: "Rombach et al. 2022; huggingface/diffusers src/diffusers/models/autoencoders/autoencoder_kl.py",
  options: {
    ...levelOptions,
    latentChannels: positiveInteger.default(4).describe("channels of the latents"),
    useQuantConv: z.boolean().default(true).describe("a 1×1 convolution after the encoder"),
    usePostQuantConv: z.boolean().default(true).describe("a 1×1 convolution before the decoder"),
    shiftFactor: z
      .number()
      .nullish()
      .describe("subtracted from latents for diffusion models; not used by the network"),
    latentsMean: z
      .array(z.number())
      .nullish()
      .describe("mean of each latent channel, for diffusion models; not used by the network"),
    latentsStd: z
      .array(z.number().positive())
      .nullish()
      .describe("standard deviation of each latent channel, for diffusion models; not used by the network"),
  },
  create(given): Autoencoder {
    const { inChannels, outChannels, latentChannels, useQuantConv, usePostQuantConv } = given;
    const levels = levelsOf(where, given);
    const moments = 2 * latentChannels;
    const root = scope();
    const down = encoder(root.child("encoder"), levels, { in: inChannels, out: moments });
    const up = decoder(root.child("decoder"), levels, {
      ...{ in: latentChannels, out: outChannels, norm: levels.norm },
    });
    const pointwise = (name: string, channels: number) =>
      conv2d(root.child(name), { in: channels, out: channels, kernel: 1 });
    const quant = useQuantConv ? pointwise("quant", moments) : undefined;
    const postQuant = usePostQuantConv ? pointwise("postQuant", latentChannels) : undefined;
    return autoencoderFrom(root, {
      ...{ name: "kl", channels: inChannels, outputs: outChannels, latentChannels },
      factor: levels.factor,
      gaussian: true,
      ...publishedScale(given),
      encode: (run, x) => (quant ? quant(run, down(run, x)) : down(run, x)),
      decode: (run, latents) => up(run, postQuant ? postQuant(run, latents) : latents),
    });
  },
});

interface ScaleOptions {
  readonly latentChannels: number;
  readonly scalingFactor: number;
  readonly shiftFactor?: number | null | undefined;
  readonly latentsMean?: readonly number[] | null | undefined;
  readonly latentsStd?: readonly number[] | null | undefined;
}

/** Per-channel means and deviations where both are given, as diffusers' pipelines have it; else one shift and factor. */
function publishedScale(given: ScaleOptions): { scale: PerChannel; shift: PerChannel } {
  const { latentChannels, scalingFactor, shiftFactor, latentsMean, latentsStd } = given;
  for (const [name, list] of Object.entries({ latentsMean, latentsStd })) {
    if (list && list.length !== latentChannels)
      fail(where, `${name} lists ${list.length} numbers for ${latentChannels} latent channels.`);
  }
  if (!latentsMean || !latentsStd) return { scale: scalingFactor, shift: shiftFactor ?? 0 };
  return { scale: latentsStd.map((deviation) => scalingFactor / deviation), shift: latentsMean };
}

import { tinyAutoencoder } from "@ddpm/autoencoder";
import { option, type Plugin } from "@ddpm/core";
import { plugin } from "../plugin.ts";
import type { ReferenceAutoencoder } from "./reference-autoencoder.ts";
import { type TinyLayout, tinyNames } from "./tiny-names.ts";

/** What the variants have instead of the usual layers. */
const variants = {
  flux_2: { midBlockNorm: true },
  f32: {
    stemChannels: [32, 64],
    decoderBlockOutChannels: [256, 128, 64, 64, 64, 64],
    numDecoderBlocks: [3, 3, 3, 3, 3, 1],
  },
};

/** Latent channels by the names of published files, where the constructor is not given a number. */
const CHANNELS = { flux_2: 32, f32: 32 };

/** Autoencoders and state dicts of the original TAESD: encoder and decoder in one file, with their prefixes. */
export const taesd: Plugin<never, ReferenceAutoencoder> = plugin({
  name: "taesd",
  about: "TAESD, TAESDXL, TAESD3, TAEF1, TAEF2 and TAESANA in their original code; its images are in [0, 1].",
  source: "madebyollin/taesd taesd.py",
  options: {
    latent_channels: option
      .number()
      .int()
      .min(1)
      .optional()
      .describe("channels of the latents; 4 by default"),
    arch_variant: option
      .custom<keyof typeof variants | null>(
        "flux_2, f32 or null",
        (value) => value === null || value === "flux_2" || value === "f32",
      )
      .optional()
      .describe("flux_2: norms in the coarsest blocks; f32: a factor of 32 instead of 8"),
    encoder_path: option
      .custom("anything", () => true)
      .optional()
      .describe("not used by the network"),
    decoder_path: option
      .custom("anything", () => true)
      .optional()
      .describe("not used by the network"),
  },
  create({ latent_channels, arch_variant: variant }): ReferenceAutoencoder {
    const given = {
      ...(variant ? variants[variant] : {}),
      latentChannels: latent_channels ?? (variant ? CHANNELS[variant] : 4),
    };
    const layout = tinyAutoencoder.schema.parse(given) as unknown as TinyLayout;
    return { spec: { ...given, name: "tiny" }, names: tinyNames(layout, "", 1), images: "[0, 1]" };
  },
}) as Plugin<never, ReferenceAutoencoder>;

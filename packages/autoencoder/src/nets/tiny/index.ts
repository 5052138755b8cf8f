import type { Plugin } from "@ddpm/core";
import type { Autoencoder } from "@ddpm/core/authoring";
import { positiveInteger, scope } from "@ddpm/unet/authoring";
import * as z from "zod";
import { autoencoderFrom } from "../../autoencoder-from.ts";
import { plugin } from "../../plugin.ts";
import { actFn } from "../levels/options.ts";
import { tinyDecoder } from "./decoder.ts";
import { tinyEncoder } from "./encoder.ts";
import { type TinyStructure, tinyFactor, type UpsampleFn } from "./structure.ts";

/** Options of {@link tinyAutoencoder}; meanings, ranges and defaults are in its schema. */
export interface TinyAutoencoderOptions {
  inChannels?: number | undefined;
  outChannels?: number | undefined;
  encoderBlockOutChannels?: number[] | undefined;
  decoderBlockOutChannels?: number[] | undefined;
  actFn?: "silu" | "swish" | "mish" | "gelu" | "relu" | undefined;
  upsampleFn?: UpsampleFn | undefined;
  latentChannels?: number | undefined;
  upsamplingScalingFactor?: number | undefined;
  numEncoderBlocks?: number[] | undefined;
  numDecoderBlocks?: number[] | undefined;
  latentMagnitude?: number | undefined;
  latentShift?: number | undefined;
  scalingFactor?: number | undefined;
  shiftFactor?: number | undefined;
  stemChannels?: number[] | undefined;
  midBlockNorm?: boolean | undefined;
}

const widths = () => z.array(positiveInteger).min(1);
const counts = () => z.array(z.number().int().min(0)).min(1);

/** The small autoencoder that imitates those of published diffusion models. */
export const tinyAutoencoder: Plugin<TinyAutoencoderOptions, Autoencoder> = plugin({
  name: "tiny",
  about: "diffusers' AutoencoderTiny, its config.json in camel case: convolutions and ReLU, without norms.",
  source:
    "madebyollin/taesd taesd.py; huggingface/diffusers src/diffusers/models/autoencoders/autoencoder_tiny.py",
  options: {
    inChannels: positiveInteger.default(3).describe("channels of the images that are encoded"),
    outChannels: positiveInteger.default(3).describe("channels of the images that are decoded"),
    encoderBlockOutChannels: widths()
      .default([64, 64, 64, 64])
      .describe("channels of each level of the encoder, the finest first"),
    decoderBlockOutChannels: widths()
      .default([64, 64, 64, 64])
      .describe("channels of each level of the decoder, the coarsest first"),
    actFn: actFn.default("relu").describe("activation within the blocks; swish is silu"),
    upsampleFn: z
      .enum(["nearest", "nearest-exact", "bilinear", "bicubic"])
      .default("nearest")
      .describe("how the decoder enlarges features"),
    latentChannels: positiveInteger.default(4).describe("channels of the latents"),
    upsamplingScalingFactor: positiveInteger
      .default(2)
      .describe("factor by which each level of the decoder but the last enlarges"),
    numEncoderBlocks: counts().default([1, 3, 3, 3]).describe("blocks of each level of the encoder"),
    numDecoderBlocks: counts().default([3, 3, 3, 1]).describe("blocks of each level of the decoder"),
    latentMagnitude: z
      .number()
      .positive()
      .default(3)
      .describe("latents are stored as bytes from minus this to this; not used by the network"),
    latentShift: z
      .number()
      .default(0.5)
      .describe("where a latent of 0 is stored, as a share of the largest byte; not used by the network"),
    scalingFactor: z
      .number()
      .positive()
      .default(1)
      .describe("factor on latents for diffusion models; not used by the network"),
    shiftFactor: z
      .number()
      .default(0)
      .describe("subtracted from latents for diffusion models; not used by the network"),
    stemChannels: z
      .array(positiveInteger)
      .default([])
      .describe("channels of strided convolutions at the start, as taesd has them for a factor of 32"),
    midBlockNorm: z
      .boolean()
      .default(false)
      .describe("a wide branch with a group norm in the coarsest blocks, as taesd has it for FLUX.2"),
  },
  create(given): Autoencoder {
    const activation = given.actFn === "swish" ? "silu" : given.actFn;
    const structure: TinyStructure = { ...given, activation };
    const factor = tinyFactor(structure);
    const root = scope();
    const encode = tinyEncoder(root.child("encoder"), structure);
    const decode = tinyDecoder(root.child("decoder"), structure);
    const { inChannels: channels, outChannels: outputs, latentChannels } = given;
    return autoencoderFrom(root, {
      ...{ name: "tiny", channels, outputs, latentChannels, factor, encode, decode },
      range: { magnitude: given.latentMagnitude, shift: given.latentShift },
      ...{ scale: given.scalingFactor, shift: given.shiftFactor },
    });
  },
});

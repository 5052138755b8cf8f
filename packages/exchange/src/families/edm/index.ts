import { fail } from "@ddpm/core";
import { channelsOf } from "@ddpm/unet/authoring";
import { z } from "zod";
import { type Family, family } from "../../family.ts";
import { argumentsOf } from "./arguments.ts";
import { edmNames } from "./names.ts";

const positive = z.number().int().positive();
const unused = z.number().optional().describe("of the preconditioning, not of the network");

const options = {
  model_type: z.enum(["SongUNet", "DhariwalUNet"]).default("SongUNet").describe("architecture"),
  precond: z
    .enum(["EDMPrecond", "VPPrecond", "VEPrecond", "iDDPMPrecond"])
    .nullish()
    .describe("the wrapper whose state dict it is; null for the network alone"),
  img_resolution: positive.describe("pixels of a side: levels are named by it"),
  img_channels: positive.optional().describe("channels of the images, as wrappers call them"),
  in_channels: positive.optional().describe("channels of the images"),
  out_channels: positive
    .optional()
    .describe("channels of the output; twice in_channels for learned variances"),
  label_dim: z.number().int().nonnegative().default(0).describe("classes of the labels; 0 for none"),
  augment_dim: z.number().int().nonnegative().default(0).describe("labels of the augmentation; 0 for none"),
  model_channels: positive.optional().describe("width that the multipliers multiply; 128, ADM 192"),
  channel_mult: z
    .array(positive)
    .optional()
    .describe("channels of each level; [1, 2, 2, 2], ADM [1, 2, 3, 4]"),
  channel_mult_emb: positive.default(4).describe("width of the embedding"),
  num_blocks: positive.optional().describe("blocks per level; 4, ADM 3"),
  attn_resolutions: z
    .array(positive)
    .optional()
    .describe("sides of levels with attention; [16], ADM [32, 16, 8]"),
  dropout: z.number().min(0).lt(1).default(0.1).describe("dropout rate"),
  label_dropout: z.number().min(0).max(1).default(0).describe("of training, not of the network"),
  embedding_type: z.enum(["positional", "fourier"]).default("positional").describe("waves of the noise"),
  channel_mult_noise: positive.default(1).describe("columns of the waves"),
  encoder_type: z
    .enum(["standard", "skip", "residual"])
    .default("standard")
    .describe("how the image enters the levels"),
  decoder_type: z.enum(["standard", "skip"]).default("standard").describe("how the levels add to the output"),
  resample_filter: z.array(z.number()).default([1, 1]).describe("filter of every halving and doubling"),
  use_fp16: z.boolean().default(false).describe("not used: weights are float32 here"),
  sigma_min: unused,
  sigma_max: z
    .union([z.number(), z.literal("Infinity")])
    .optional()
    .describe("of the preconditioning, not of the network"),
  sigma_data: unused,
  beta_d: unused,
  beta_min: unused,
  epsilon_t: unused,
  M: positive.default(1000).describe("steps of the chain behind iDDPMPrecond, which stores its table"),
  C_1: z.number().default(0.001).describe("of that table"),
  C_2: z.number().default(0.008).describe("of that table"),
};

/** Networks and state dicts of NVlabs/edm: DDPM++, NCSN++, ADM, alone or inside their preconditioning. */
export const edm: Family = family({
  name: "edm",
  about: "SongUNet and DhariwalUNet of NVlabs/edm.",
  source: "NVlabs/edm training/networks.py",
  options,
  networks: {
    song: { arguments: argumentsOf, resolve },
    dhariwal: { arguments: argumentsOf, resolve },
  },
  create(given) {
    const adm = given.model_type === "DhariwalUNet";
    const channels =
      given.in_channels ??
      given.img_channels ??
      fail("exchange/edm", "neither in_channels nor img_channels is given.");
    const doubled = given.precond === "iDDPMPrecond" ? 2 * channels : channels;
    const outputs = given.out_channels ?? doubled;
    const multipliers = given.channel_mult ?? (adm ? [1, 2, 3, 4] : [1, 2, 2, 2]);
    const sides = multipliers.map((_, level) => given.img_resolution >> level);
    const attended = given.attn_resolutions ?? (adm ? [32, 16, 8] : [16]);
    const attention = sides.flatMap((side, level) => (attended.includes(side) ? [level] : []));
    const shared = {
      ...channelsOf(channels, outputs),
      width: given.model_channels ?? (adm ? 192 : 128),
      multipliers,
      blocks: given.num_blocks ?? (adm ? 3 : 4),
      attention,
      dropout: given.dropout,
      embeddingFactor: given.channel_mult_emb,
      ...(given.label_dim ? { classes: given.label_dim } : {}),
      ...(given.augment_dim ? { augment: given.augment_dim } : {}),
    };
    const ofSong = {
      waves: given.embedding_type === "fourier" ? "fourier" : "sinusoidal",
      waveFactor: given.channel_mult_noise,
      encoder: given.encoder_type,
      decoder: given.decoder_type,
      taps: given.resample_filter,
    };
    return {
      spec: adm ? { name: "dhariwal", ...shared } : { name: "song", ...shared, ...ofSong },
      names: edmNames({
        ...given,
        adm,
        sides,
        headsOf: (count) => (adm ? Math.floor(count / 64) : 1),
      }),
    };
  },
});

/** No augmentation is written as 0 or left out. */
function resolve({ augment }: { readonly augment?: number }): object {
  return { augment: augment || undefined };
}

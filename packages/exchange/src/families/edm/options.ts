import { dhariwal, song } from "@ddpm/unet";
import { positiveInteger } from "@ddpm/unet/authoring";
import * as z from "zod";
import { referenceOptions } from "../../network/reference-options.ts";

const unused = z.number().optional().describe("of the preconditioning, not of the network");
const ours = ["channels", "selfCondition"];

/** Arguments that both networks have, with the defaults of DhariwalUNet. */
export const ofBoth: Readonly<Record<string, z.ZodType>> = referenceOptions(dhariwal, {
  ours,
  required: ["imgResolution"],
});

/** Arguments that only SongUNet has. */
export const ofSong: Readonly<Record<string, z.ZodType>> = Object.fromEntries(
  Object.entries(referenceOptions(song, { ours })).filter(([name]) => !(name in ofBoth)),
);

/** Arguments whose defaults differ between the two. */
const perNetwork = {
  model_channels: positiveInteger.optional().describe("width that the multipliers multiply; 128, ADM 192"),
  channel_mult: z
    .array(positiveInteger)
    .optional()
    .describe("channels of each level; [1, 2, 2, 2], ADM [1, 2, 3, 4]"),
  num_blocks: positiveInteger.optional().describe("blocks per level; 4, ADM 3"),
  attn_resolutions: z
    .array(positiveInteger)
    .optional()
    .describe("sides of levels with attention; [16], ADM [32, 16, 8]"),
};

/** Arguments of EDM's networks, and of the preconditioning around them. */
export const options: z.ZodRawShape = {
  model_type: z.enum(["SongUNet", "DhariwalUNet"]).default("SongUNet").describe("architecture"),
  precond: z
    .enum(["EDMPrecond", "VPPrecond", "VEPrecond", "iDDPMPrecond"])
    .nullish()
    .describe("the wrapper whose state dict it is; null for the network alone"),
  ...ofBoth,
  ...ofSong,
  ...perNetwork,
  img_channels: positiveInteger.optional().describe("channels of the images, as wrappers call them"),
  label_dropout: z.number().min(0).max(1).default(0).describe("of training, not of the network"),
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
  M: positiveInteger.default(1000).describe("steps of the chain behind iDDPMPrecond, which stores its table"),
  C_1: z.number().default(0.001).describe("of that table"),
  C_2: z.number().default(0.008).describe("of that table"),
};

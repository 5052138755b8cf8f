import { positiveInteger } from "@ddpm/unet/authoring";
import * as z from "zod";

const downTypes = ["DownEncoderBlock2D", "AttnDownEncoderBlock2D"] as const;
const upTypes = ["UpDecoderBlock2D", "AttnUpDecoderBlock2D"] as const;

/** Types of levels on the way down, as diffusers names them. */
export type DownEncoderType = (typeof downTypes)[number];
/** Types of levels on the way up, as diffusers names them. */
export type UpDecoderType = (typeof upTypes)[number];

/** Options that autoencoders with levels of residual blocks share; meanings, ranges and defaults are in their schemas. */
export interface LevelOptions {
  inChannels?: number | undefined;
  outChannels?: number | undefined;
  downBlockTypes?: DownEncoderType[] | undefined;
  upBlockTypes?: UpDecoderType[] | undefined;
  blockOutChannels?: number[] | undefined;
  layersPerBlock?: number | undefined;
  actFn?: "silu" | "swish" | "mish" | "gelu" | "relu" | undefined;
  normNumGroups?: number | undefined;
  midBlockAddAttention?: boolean | undefined;
  scalingFactor?: number | undefined;
}

/** The schema of activations by diffusers' names. */
export const actFn: z.ZodEnum<{ silu: "silu"; swish: "swish"; mish: "mish"; gelu: "gelu"; relu: "relu" }> =
  z.enum(["silu", "swish", "mish", "gelu", "relu"]);

/** The schemas of {@link LevelOptions}. */
export interface LevelSchemas {
  readonly inChannels: z.ZodDefault<z.ZodNumber>;
  readonly outChannels: z.ZodDefault<z.ZodNumber>;
  readonly downBlockTypes: z.ZodDefault<z.ZodType<DownEncoderType[], DownEncoderType[]>>;
  readonly upBlockTypes: z.ZodDefault<z.ZodType<UpDecoderType[], UpDecoderType[]>>;
  readonly blockOutChannels: z.ZodDefault<z.ZodArray<z.ZodNumber>>;
  readonly layersPerBlock: z.ZodDefault<z.ZodNumber>;
  readonly actFn: z.ZodDefault<typeof actFn>;
  readonly normNumGroups: z.ZodDefault<z.ZodNumber>;
  readonly midBlockAddAttention: z.ZodDefault<z.ZodBoolean>;
  readonly scalingFactor: z.ZodDefault<z.ZodNumber>;
}

/** See {@link LevelOptions}. */
export const levelOptions: LevelSchemas = {
  inChannels: positiveInteger.default(3).describe("channels of the images that are encoded"),
  outChannels: positiveInteger.default(3).describe("channels of the images that are decoded"),
  downBlockTypes: z
    .array(z.enum(downTypes))
    .min(1)
    .default(["DownEncoderBlock2D"])
    .describe("type of each level of the encoder, the finest first"),
  upBlockTypes: z
    .array(z.enum(upTypes))
    .min(1)
    .default(["UpDecoderBlock2D"])
    .describe("type of each level of the decoder, the coarsest first"),
  blockOutChannels: z
    .array(positiveInteger)
    .min(1)
    .default([64])
    .describe("channels of each level, the finest first; each level but the last halves height and width"),
  layersPerBlock: positiveInteger
    .default(1)
    .describe("residual blocks per level of the encoder; one more per level of the decoder"),
  actFn: actFn.default("silu").describe("activation of the residual blocks; swish is silu"),
  normNumGroups: positiveInteger.default(32).describe("groups of the norms"),
  midBlockAddAttention: z
    .boolean()
    .default(true)
    .describe("attention between the two blocks at the coarsest level"),
  scalingFactor: z
    .number()
    .positive()
    .default(0.18215)
    .describe("factor on latents for diffusion models; not used by the network"),
};

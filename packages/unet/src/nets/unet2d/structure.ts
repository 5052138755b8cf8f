import { fail } from "@ddpm/core";
import type { ActivationName } from "../../layers/activations/activations.ts";
import { type ChannelOptions, type Channels, channelsIn } from "../../reference-channels.ts";
import {
  type DownBlockType,
  downKinds,
  type LevelKind,
  type UpBlockType,
  upKinds,
  upTypeOf,
} from "./kinds.ts";
import { skipGroups } from "./parts.ts";

/** Checked options of {@link unet2d}, defaults filled in. */
export interface CompleteConfig extends ChannelOptions {
  readonly centerInputSample: boolean;
  readonly timeEmbeddingType: "positional" | "fourier" | "learned";
  readonly timeEmbeddingDim?: number | null | undefined;
  readonly freqShift: number;
  readonly flipSinToCos: boolean;
  readonly downBlockTypes: readonly DownBlockType[];
  readonly midBlockType: "UNetMidBlock2D" | null;
  readonly upBlockTypes?: readonly UpBlockType[] | undefined;
  readonly blockOutChannels: readonly number[];
  readonly layersPerBlock: number;
  readonly midBlockScaleFactor: number;
  readonly downsamplePadding: 0 | 1;
  readonly downsampleType: "conv" | "resnet" | null;
  readonly upsampleType: "conv" | "resnet" | null;
  readonly dropout: number;
  readonly actFn: "silu" | "swish" | "mish" | "gelu" | "relu";
  readonly attentionHeadDim: number | null;
  readonly normNumGroups: number | null;
  readonly attnNormNumGroups?: number | null | undefined;
  readonly normEps: number;
  readonly resnetTimeScaleShift: "default" | "scale_shift";
  readonly addAttention: boolean;
  readonly classEmbedType?: "timestep" | "identity" | null | undefined;
  readonly numClassEmbeds?: number | null | undefined;
  readonly numTrainTimesteps?: number | null | undefined;
  readonly classNone: boolean;
}

/** What a configuration means: every level with its kind, nothing left to default. */
export interface Structure extends Channels {
  /** Channels of the output. */
  readonly outputs: number;
  readonly selfCondition: boolean;
  /** Channels of each level, the finest first. */
  readonly widths: readonly number[];
  /** Residual blocks per level on the way down; one more on the way up. */
  readonly blocks: number;
  /** By level, the finest first. */
  readonly down: readonly LevelKind[];
  readonly up: readonly LevelKind[];
  readonly middle: boolean;
  readonly attentionMiddle: boolean;
  /** Groups of the middle attention's norm; null: no norm. */
  readonly middleNorm: number | null;
  readonly middleScale: number;
  /** Channels per attention head; one head when left out. */
  readonly headWidth?: number;
  readonly dropout: number;
  readonly activation: ActivationName;
  readonly groups: number | null;
  readonly eps: number;
  readonly scaleShift: boolean;
  readonly padding: "same" | "symmetric";
  readonly halving: "conv" | "block";
  readonly doubling: "conv" | "block";
  readonly waves: "sinusoidal" | "fourier" | "learned";
  readonly steps?: number;
  readonly cosFirst: boolean;
  readonly frequencyShift: number;
  /** Width of the embedding. */
  readonly embedding: number;
  readonly centre: boolean;
  readonly classes?: number;
  readonly classKind: "table" | "waves" | "vector";
  readonly classNone: boolean;
}

/**
 * The structure that a configuration describes.
 *
 * @throws DdpmError for counts of channels that contradict each other, or types for another number of levels
 */
export function structureOf(config: CompleteConfig): Structure {
  const { blockOutChannels: widths, downBlockTypes, normNumGroups: groups } = config;
  const { upBlockTypes = downBlockTypes.map((type) => upTypeOf(downKinds[type])).reverse() } = config;
  const count = widths.length;
  if (downBlockTypes.length !== count || upBlockTypes.length !== count) {
    fail(
      "unet/unet2d",
      `${count} blockOutChannels, but ${downBlockTypes.length} downBlockTypes and ${upBlockTypes.length} upBlockTypes.`,
      "Give one of each per level.",
    );
  }
  const scaleShift = config.resnetTimeScaleShift === "scale_shift";
  const usualNorm = scaleShift ? null : (groups ?? skipGroups(widths.at(-1)!));
  return {
    ...channelsIn("unet/unet2d", config, 3),
    selfCondition: config.selfCondition ?? false,
    widths,
    blocks: config.layersPerBlock,
    down: downBlockTypes.map((type) => downKinds[type]),
    up: upBlockTypes.map((type) => upKinds[type]).reverse(),
    middle: config.midBlockType !== null,
    attentionMiddle: config.addAttention,
    middleNorm: config.attnNormNumGroups ?? usualNorm,
    middleScale: config.midBlockScaleFactor,
    ...(config.attentionHeadDim === null ? {} : { headWidth: config.attentionHeadDim }),
    dropout: config.dropout,
    activation: config.actFn === "swish" ? "silu" : config.actFn,
    groups,
    eps: config.normEps,
    scaleShift,
    padding: config.downsamplePadding === 0 ? "same" : "symmetric",
    halving: config.downsampleType === "resnet" ? "block" : "conv",
    doubling: config.upsampleType === "resnet" ? "block" : "conv",
    waves: config.timeEmbeddingType === "positional" ? "sinusoidal" : config.timeEmbeddingType,
    ...(config.numTrainTimesteps ? { steps: config.numTrainTimesteps } : {}),
    cosFirst: config.flipSinToCos,
    frequencyShift: config.freqShift,
    embedding: config.timeEmbeddingDim ?? 4 * widths[0]!,
    centre: config.centerInputSample,
    ...classesOf(config),
    classNone: config.classNone,
  };
}

/** As in diffusers, the type decides where there is one, and the number of classes else. */
function classesOf(config: CompleteConfig): Pick<Structure, "classes" | "classKind"> {
  const { classEmbedType: type, numClassEmbeds: classes } = config;
  if (type === "identity") return { classKind: "vector" };
  // Sinusoids take any number for a label; the label of no class here is one past the largest.
  if (type === "timestep") {
    return { classKind: "waves", classes: classes ?? config.numTrainTimesteps ?? 1000 };
  }
  return { classKind: "table", ...(classes ? { classes } : {}) };
}

import type { ActivationName } from "../../layers/activations/activations.ts";
import { type Channels, channelsIn } from "../../reference-channels.ts";
import type { CompleteConditionConfig } from "./config.ts";
import { type ConditionInputs, conditionInputs } from "./inputs.ts";
import { type ConditionLevels, levelsOf } from "./levels.ts";

/** What a configuration means: every level with its kind, nothing left to default. */
export interface ConditionStructure extends Channels, ConditionLevels, ConditionInputs {
  /** Channels of the output. */
  readonly outputs: number;
  readonly selfCondition: boolean;
  /** Channels of each level, the finest first. */
  readonly widths: readonly number[];
  readonly dropout: number;
  readonly activation: ActivationName;
  /** Of the norms; null: no norm at the end. */
  readonly groups: number | null;
  readonly eps: number;
  readonly scaleShift: boolean;
  readonly padding: "symmetric" | "end";
  readonly rawEmbedding: boolean;
  readonly blockScale: number;
  readonly middleScale: number;
  readonly stemKernel: number;
  readonly headKernel: number;
  readonly centre: boolean;
}

/**
 * The structure that a configuration describes.
 *
 * @throws DdpmError for counts of channels that contradict each other, or lists for another number of levels
 */
export function conditionStructureOf(config: CompleteConditionConfig): ConditionStructure {
  const levels = levelsOf(config);
  return {
    ...channelsOf(config),
    ...levels,
    ...conditionInputs(config, levels),
    selfCondition: config.selfCondition ?? false,
    widths: config.blockOutChannels,
    dropout: config.dropout,
    activation: config.actFn === "swish" ? "silu" : config.actFn,
    groups: config.normNumGroups,
    eps: config.normEps,
    scaleShift: config.resnetTimeScaleShift === "scale_shift",
    padding: config.downsamplePadding === 0 ? "end" : "symmetric",
    rawEmbedding: config.resnetSkipTimeAct,
    blockScale: config.resnetOutScaleFactor,
    middleScale: config.midBlockScaleFactor,
    stemKernel: config.convInKernel,
    headKernel: config.convOutKernel,
    centre: config.centerInputSample,
  };
}

/** Channels of latents where nothing else is given. */
const LATENT = 4;

function channelsOf(config: CompleteConditionConfig): Channels & { readonly outputs: number } {
  const { channels = LATENT, imageChannels = 0, inChannels, outChannels } = config;
  const counted = inChannels !== undefined || outChannels !== undefined;
  const given = counted
    ? { ...config, inChannels: inChannels ?? channels + imageChannels }
    : { ...config, channels };
  return channelsIn("unet/unet2d-condition", given, LATENT);
}

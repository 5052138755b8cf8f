import { fail } from "@ddpm/core";
import type { ActivationName } from "../../layers/activations/activations.ts";
import { type ChannelOptions, channelsIn } from "../../reference-channels.ts";
import {
  type DownBlockType1D,
  downKinds,
  headKinds,
  type LevelKind1D,
  middleKinds,
  type UpBlockType1D,
  upKinds,
} from "./kinds.ts";

/** Checked options of {@link unet1d}, defaults filled in. */
export interface CompleteConfig1D extends ChannelOptions {
  readonly extraInChannels?: number | undefined;
  readonly timeEmbeddingType: "fourier" | "positional";
  readonly timeEmbeddingDim?: number | null | undefined;
  readonly flipSinToCos: boolean;
  readonly useTimestepEmbedding: boolean;
  readonly freqShift: number;
  readonly downBlockTypes: readonly DownBlockType1D[];
  readonly upBlockTypes: readonly UpBlockType1D[];
  readonly midBlockType: keyof typeof middleKinds;
  readonly outBlockType?: keyof typeof headKinds | null | undefined;
  readonly blockOutChannels: readonly number[];
  readonly actFn?: ActivationName | "swish" | null | undefined;
  readonly normNumGroups: number | null;
  readonly layersPerBlock: number;
  readonly downsampleEachBlock: boolean;
}

/** One level: channels that come in, of its features and of its output. */
export interface Level1D {
  readonly kind: LevelKind1D;
  readonly in: number;
  readonly out: number;
  /** Whether the length halves (down) or doubles (up) at its end or start. */
  readonly resizes: boolean;
}

/** What a configuration means: every level with its channels, nothing left to default. */
export interface Structure1D {
  /** Channels of the signals. */
  readonly channels: number;
  readonly outputs: number;
  readonly learnsVariance: boolean;
  /** Channels of the first level: width of the embedding that temporal blocks receive. */
  readonly width: number;
  readonly waves: "fourier" | "sinusoidal";
  /** Columns of the waves. */
  readonly waveWidth: number;
  readonly cosFirst: boolean;
  readonly frequencyShift: number;
  /** Two dense layers after the waves. */
  readonly embeds: boolean;
  readonly down: readonly Level1D[];
  readonly middle: (typeof middleKinds)[keyof typeof middleKinds];
  /** Channels of the coarsest level. */
  readonly middleWidth: number;
  readonly up: readonly Level1D[];
  readonly head: "none" | "conv" | "value";
  /** Width of the value function's first layer, without the embedding. */
  readonly valueWidth: number;
  readonly activation: ActivationName;
  readonly groups: number;
  /** Residual blocks of a temporal level, less one. */
  readonly blocks: number;
  /** The temporal middle halves the length, too. */
  readonly halvesMiddle: boolean;
  /** The length must be a multiple of this. */
  readonly multiple: number;
}

const where = "unet/unet1d";

/**
 * The structure that a configuration describes.
 *
 * @throws DdpmError for options that contradict each other
 */
export function structureOf1D(config: CompleteConfig1D): Structure1D {
  const { blockOutChannels: widths, downBlockTypes, upBlockTypes, timeEmbeddingType } = config;
  const width = widths[0]!;
  const fourier = timeEmbeddingType === "fourier";
  const waveWidth = fourier ? (config.timeEmbeddingDim ?? 2 * width) : width;
  if (fourier && waveWidth % 2 !== 0)
    fail(where, `timeEmbeddingDim is ${waveWidth}, expected an even number.`);
  if (downBlockTypes.length !== widths.length || upBlockTypes.length > widths.length) {
    fail(
      where,
      `${widths.length} blockOutChannels, but ${downBlockTypes.length} downBlockTypes and ${upBlockTypes.length} upBlockTypes.`,
      "Give one of each per level, or fewer on the way up.",
    );
  }
  const { channels, outputs, learnsVariance, down } = inputOf(config, waveWidth);
  const head = config.outBlockType ? headKinds[config.outBlockType] : "none";
  const middle = middleKinds[config.midBlockType];
  const up = levelsUp(config, head === "none" ? outputs : width);
  const structure: Structure1D = {
    ...{ channels, learnsVariance, width, waveWidth, down, middle, up, head },
    outputs: outputsOf(head, outputs, up, widths.at(-1)!),
    waves: fourier ? "fourier" : "sinusoidal",
    cosFirst: config.flipSinToCos,
    frequencyShift: config.freqShift,
    embeds: config.useTimestepEmbedding,
    middleWidth: widths.at(-1)!,
    valueWidth: Math.floor(widths.at(-1)! / 4),
    activation: activationOf(config, head),
    groups: config.normNumGroups ?? Math.min(Math.floor(width / 4), 32),
    blocks: config.layersPerBlock,
    halvesMiddle: middle === "temporal" && config.downsampleEachBlock,
    multiple: multipleOf(down, middle, up),
  };
  checkTime(structure);
  return structure;
}

/** Channels of input and output as the reference counts them; 2 where nothing is given. */
function countsOf(config: CompleteConfig1D): ReturnType<typeof channelsIn> {
  const { inChannels, outChannels, channels = 2 } = config;
  const byReference = inChannels !== undefined || outChannels !== undefined;
  const given = byReference ? { ...config, inChannels: inChannels ?? channels } : { ...config, channels };
  return channelsIn(where, { ...given, selfCondition: true });
}

/** Channels in and out, and the levels on the way down: the first may take the noise level next to the signals. */
function inputOf(
  config: CompleteConfig1D,
  waveWidth: number,
): Pick<Structure1D, "channels" | "outputs" | "learnsVariance" | "down"> {
  const { blockOutChannels: widths, downBlockTypes } = config;
  const counted = countsOf(config);
  const kinds = downBlockTypes.map((type) => downKinds[type]);
  const time = kinds[0] === "time" ? waveWidth : 0;
  const extra = config.extraInChannels ?? time;
  const channels = counted.channels + extra - time;
  if (channels < 1) {
    fail(
      where,
      `${counted.channels} inChannels and ${extra} extraInChannels leave no channels for signals next to ${time} of the noise level.`,
      `Set extraInChannels to ${time}, or leave it out.`,
    );
  }
  const down = widths.map((out, level): Level1D => {
    const kind = kinds[level]!;
    if (kind === "time" && level > 0)
      fail(where, "DownBlock1DNoSkip below the first level.", "It takes the noise level at the first.");
    const last = level === widths.length - 1;
    const resizes = kind === "temporal" ? !last || config.downsampleEachBlock : kind !== "time";
    return { kind, in: widths[level - 1] ?? counted.channels + extra, out, resizes };
  });
  const same = channels === counted.channels;
  return { channels, outputs: counted.outputs, learnsVariance: same && counted.learnsVariance, down };
}

/** Levels on the way up, the coarsest first. */
function levelsUp({ blockOutChannels, upBlockTypes }: CompleteConfig1D, end: number): Level1D[] {
  const widths = [...blockOutChannels].reverse();
  return upBlockTypes.map((type, i) => {
    const kind = upKinds[type];
    const out = i < upBlockTypes.length - 1 ? widths[i + 1]! : end;
    const resizes = kind === "temporal" ? i < widths.length - 1 : kind !== "time";
    return { kind, in: widths[i]!, out, resizes };
  });
}

function outputsOf(
  head: Structure1D["head"],
  outputs: number,
  up: readonly Level1D[],
  middle: number,
): number {
  if (head === "value") return 1;
  return head === "conv" || up.length > 0 ? outputs : middle;
}

function activationOf(
  { actFn, useTimestepEmbedding }: CompleteConfig1D,
  head: Structure1D["head"],
): ActivationName {
  if (!actFn && (useTimestepEmbedding || head !== "none"))
    fail(where, "actFn is left out, and the network has dense layers or an end that need one.", "Set actFn.");
  return actFn === "swish" || !actFn ? "silu" : actFn;
}

/** By the halvings that a doubling follows. */
function multipleOf(down: readonly Level1D[], middle: Structure1D["middle"], up: readonly Level1D[]): number {
  const count = (levels: readonly Level1D[]): number => levels.filter(({ resizes }) => resizes).length;
  return 2 ** (Math.min(count(down), count(up)) + (middle === "attention" ? 1 : 0));
}

/** Temporal blocks and the value function take an embedding, one vector; the first level takes waves next to the signals. */
function checkTime({ embeds, down, middle, up, head, middleWidth }: Structure1D): void {
  const temporal =
    middle !== "attention" || head === "value" || [...down, ...up].some(({ kind }) => kind === "temporal");
  if (temporal && !embeds)
    fail(where, "temporal blocks without an embedding.", "Set useTimestepEmbedding to true.");
  if (embeds && down[0]!.kind === "time")
    fail(where, "DownBlock1DNoSkip with an embedding.", "Set useTimestepEmbedding to false.");
  if (middle === "value" && up.length > 0)
    fail(where, "levels after ValueFunctionMidBlock1D.", "Leave upBlockTypes empty.");
  if (head === "conv" && up.length === 0 && (middle === "value" || middleWidth !== down[0]!.out))
    fail(where, "OutConv1DBlock without levels on the way up.", "Give upBlockTypes.");
}

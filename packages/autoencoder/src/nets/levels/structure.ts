import { fail } from "@ddpm/core";
import type { ErrorPlace } from "@ddpm/core/authoring";
import type { ActivationName } from "@ddpm/unet/authoring";
import { groupNorms, type MakeNorm } from "../../layers/norms.ts";
import type { LevelOptions } from "./options.ts";

/** What encoder and decoder of one network have in common. */
export interface Levels {
  /** Channels of each level, the finest first. */
  readonly widths: readonly number[];
  /** Levels of the encoder with attention, the finest first. */
  readonly attentionDown: readonly boolean[];
  /** Levels of the decoder with attention, the finest first. */
  readonly attentionUp: readonly boolean[];
  readonly attentionMiddle: boolean;
  /** Residual blocks per level of the encoder. */
  readonly blocks: number;
  readonly activation: ActivationName;
  /** Group norms of the network. */
  readonly norm: MakeNorm;
  /** Rows of an image per row of latents. */
  readonly factor: number;
}

type Complete = { readonly [Name in keyof LevelOptions]-?: Exclude<LevelOptions[Name], undefined> };

/** @throws DdpmError for lists of different lengths, or channels that do not split into the groups */
export function levelsOf(where: ErrorPlace, options: Complete): Levels {
  const { blockOutChannels: widths, downBlockTypes, upBlockTypes, normNumGroups: groups, actFn } = options;
  for (const [name, list] of Object.entries({ downBlockTypes, upBlockTypes })) {
    if (list.length === widths.length) continue;
    fail(
      where,
      `blockOutChannels lists ${widths.length} levels and ${name} ${list.length}.`,
      "Give one of each per level.",
    );
  }
  const uneven = widths.find((width) => width % groups !== 0);
  if (uneven !== undefined) fail(where, `${uneven} channels do not split into ${groups} groups.`);
  const attends = (types: readonly string[]): boolean[] => types.map((type) => type.startsWith("Attn"));
  return {
    widths,
    attentionDown: attends(downBlockTypes),
    attentionUp: attends(upBlockTypes).reverse(),
    attentionMiddle: options.midBlockAddAttention,
    blocks: options.layersPerBlock,
    activation: actFn === "swish" ? "silu" : actFn,
    norm: groupNorms(groups),
    factor: 2 ** (widths.length - 1),
  };
}

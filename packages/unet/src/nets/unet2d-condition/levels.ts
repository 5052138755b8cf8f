import { fail } from "@ddpm/core";
import { isK, type LevelKind } from "../unet2d/kinds.ts";
import type { ContextOptions } from "../unet2d/parts.ts";
import type { CompleteConditionConfig } from "./config.ts";
import { downKinds, middleKinds, upKinds } from "./kinds.ts";

const where = "unet/unet2d-condition";

/** A level on one of its ways, or the middle. */
export interface ConditionLevel {
  readonly kind: LevelKind;
  /** Residual blocks on the way down; one more on the way up. */
  readonly blocks: number;
  /** Channels per head of attention other than transformers'; one head when left out. */
  readonly headWidth?: number;
  /** Where its kind attends to a context. */
  readonly context?: ContextOptions;
}

/** All levels, the finest first, and the middle where there is one. */
export interface ConditionLevels {
  readonly down: readonly ConditionLevel[];
  readonly up: readonly ConditionLevel[];
  readonly middle?: ConditionLevel;
}

/** The levels that a configuration describes. @throws DdpmError for lists of another length than the levels */
export function levelsOf(config: CompleteConditionConfig): ConditionLevels {
  const count = config.blockOutChannels.length;
  const each = <Value>(name: string, given: Value | readonly Value[]): readonly Value[] =>
    perLevel(name, given, count);
  const blocks = each("layersPerBlock", config.layersPerBlock);
  const heads = each<number | null>("attentionHeadDim", config.attentionHeadDim);
  const widths = each<number | null>("crossAttentionDim", config.crossAttentionDim ?? null);
  const only = each("onlyCrossAttention", config.onlyCrossAttention);
  const layers = each("transformerLayersPerBlock", config.transformerLayersPerBlock) as readonly Layers[];
  const kinds = {
    down: each("downBlockTypes", config.downBlockTypes).map((type) => downKinds[type]),
    up: [...each("upBlockTypes", config.upBlockTypes)].reverse().map((type) => upKinds[type]),
  };
  checkKinds([...kinds.down, ...kinds.up]);
  const level = (kind: LevelKind, at: number, transformers: Layers, only: boolean): ConditionLevel => {
    const norm = { layer_norm: "layer", group_norm: "group" } as const;
    const headCount = heads[at];
    const attends = kind === "context" || kind === "joined" || kind === "k-context";
    return {
      kind,
      blocks: blocks[at]!,
      ...(headCount == null ? {} : { headWidth: headCount }),
      ...(attends
        ? {
            context: {
              width: widths[at] ?? fail(where, "levels attend to a context, and crossAttentionDim is null."),
              heads:
                headCount ??
                (kind !== "context" ? 1 : fail(where, "attentionHeadDim is null for a transformer.")),
              layers: asList(transformers, blocks[at]! + 1),
              only,
              norm: config.crossAttentionNorm ? norm[config.crossAttentionNorm] : undefined,
            },
          }
        : {}),
    };
  };
  const upLayers = layersUp(config, layers);
  const middle = config.midBlockType === null ? undefined : middleKinds[config.midBlockType];
  const middleOnly = middle === "joined" && onlyInTheMiddle(config);
  return {
    down: kinds.down.map((kind, at) => level(kind, at, layers[at]!, only[at]!)),
    up: kinds.up.map((kind, at) => level(kind, at, upLayers[at]!, only[at]!)),
    ...(middle ? { middle: level(middle, count - 1, layers[count - 1]!, middleOnly) } : {}),
  };
}

/** Blocks of every transformer of a level, or of each. */
type Layers = number | readonly number[];

function perLevel<Value>(name: string, given: Value | readonly Value[], count: number): readonly Value[] {
  if (!Array.isArray(given)) return new Array<Value>(count).fill(given as Value);
  if (given.length === count) return given as readonly Value[];
  return fail(where, `${given.length} ${name} for ${count} blockOutChannels.`, "Give one for each level.");
}

function asList(layers: Layers, count: number): readonly number[] {
  return typeof layers === "number" ? new Array<number>(count).fill(layers) : layers;
}

/** Blocks per transformer on the way up, the finest level first. */
function layersUp(
  { reverseTransformerLayersPerBlock: given }: CompleteConditionConfig,
  down: readonly Layers[],
): readonly Layers[] {
  if (given)
    return [
      ...perLevel("reverseTransformerLayersPerBlock", given as readonly Layers[], down.length),
    ].reverse();
  if (down.every((layers) => typeof layers === "number")) return down;
  return fail(
    where,
    "transformerLayersPerBlock differs within a level, and the way up has no numbers of its own.",
    "Give reverseTransformerLayersPerBlock.",
  );
}

function onlyInTheMiddle({
  midBlockOnlyCrossAttention,
  onlyCrossAttention,
}: CompleteConditionConfig): boolean {
  return midBlockOnlyCrossAttention ?? onlyCrossAttention === true;
}

/** @throws DdpmError for K levels next to others */
function checkKinds(all: readonly LevelKind[]): void {
  if (all.some(isK) && !all.every(isK)) {
    fail(
      where,
      "K levels next to others.",
      "They skip other features: take K types for all levels, or for none.",
    );
  }
}

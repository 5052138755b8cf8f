import type { Spec } from "@ddpm/core";
import { denoisers } from "../denoisers.ts";
import { groupCount } from "../layers/group-norm.ts";
import { ditShape } from "../nets/dit.ts";
import { labmlWidths } from "../nets/labml.ts";
import { skipGroups } from "../nets/unet2d-parts.ts";
import { type ChannelOptions, resolvedChannels } from "./channel-counts.ts";

/** Complete options of a network, by name; `name` is the network's. */
export type Complete = Readonly<Record<string, unknown>>;

/**
 * A network's options as what they resolve to, so that two specs of one function are equal: options that follow from
 * others are filled in, options without effect beside others have one value, levels are sorted, and the paper's network
 * is written as the general network of its shape. Dropout is left out: weights and outputs do not depend on it.
 *
 * @throws DdpmError for an unknown network or option
 */
export function resolved(spec: Spec): Complete {
  const { name, ...given } = typeof spec === "string" ? { name: spec } : spec;
  const complete = denoisers.get(name).schema.parse(given) as Record<string, unknown>;
  const follows = RULES[name]?.(complete as never) ?? {};
  const counts = resolvedChannels(complete as unknown as ChannelOptions);
  const { dropout: _, ...rest } = { name, ...complete, ...follows, ...counts } as Record<string, unknown>;
  for (const levels of ["attention", "fullAttention"])
    if (rest[levels] !== undefined) rest[levels] = sorted(rest[levels]);
  return rest;
}

function sorted(levels: unknown): number[] {
  return [...new Set(levels as readonly number[])].sort((a, b) => a - b);
}

interface Ho {
  readonly width: number;
  readonly multipliers: readonly number[];
  readonly attention: readonly number[];
  readonly heads: number;
  readonly groups: number;
  readonly groupSize: number;
}

interface Unet2d {
  readonly widths: readonly number[];
  readonly down: readonly string[];
  readonly up?: readonly string[];
  readonly middle: boolean;
  readonly attentionMiddle: boolean;
  readonly middleNorm?: number | null;
  readonly headWidth?: number;
  readonly groups: number | null;
  readonly waves: string;
  readonly embedding?: number;
  readonly classes?: number;
  readonly classKind: string;
  readonly classNone: boolean;
}

/** Tables of sines are stored with the weights, so which they were does not matter. */
const stored = (): object => ({ table: undefined });

/** What follows from other options, by network. */
const RULES: Readonly<Record<string, (given: never) => object>> = {
  ho: (given: Ho) => ofUnet2d(asUnet2d(given)),
  unet2d: ofUnet2d,
  annotated: (given: { dim: number; initDim?: number; block: string }) => ({
    initDim: given.initDim ?? Math.floor(given.dim / 3) * 2,
    ...(given.block === "resnet" ? { expansion: undefined } : { groups: undefined }),
  }),
  dataflowr: stored,
  nano: stored,
  labml: (given: Parameters<typeof labmlWidths>[0]) => ({
    multipliers: labmlWidths(given),
    cumulative: undefined,
  }),
  lucidrains: ofLucidrains,
  guided: (given: { heads: number; headsUp?: number; headWidth?: number; classes?: number }) => ({
    ...(given.headWidth
      ? { heads: undefined, headsUp: undefined }
      : { headsUp: given.headsUp ?? given.heads }),
    ...withoutClasses(given),
  }),
  song: (given: { augment?: number }) => ({ augment: given.augment || undefined }),
  dhariwal: (given: { augment?: number }) => ({ augment: given.augment || undefined }),
  dit: (given: Parameters<typeof ditShape>[0] & { pixels: unknown; classes?: number }) => ({
    ...ditShape(given),
    size: undefined,
    pixels: [given.pixels].flat().length === 1 ? [given.pixels, given.pixels] : given.pixels,
    ...withoutClasses(given),
  }),
};

/** A row for no class is in a table of classes, and nowhere else. */
function withoutClasses({ classes }: { readonly classes?: number }): object {
  return classes === undefined ? { classNone: undefined } : {};
}

/** Groups of every norm of a network of the paper's shape, by the channels that it sees, the fewest first. */
export function groupsByChannels({
  width,
  multipliers,
  groups,
  groupSize,
}: Pick<Ho, "width" | "multipliers" | "groups" | "groupSize">): Map<number, number> {
  const widths = [width, ...multipliers.map((multiplier) => width * multiplier)];
  const joined = widths.flatMap((wide, i) => [wide, 2 * wide, wide + (widths[i + 1] ?? wide)]);
  const seen = [...new Set(joined)].sort((a, b) => a - b);
  return new Map(seen.map((channels) => [channels, groupCount(channels, groups, groupSize)]));
}

/** The paper's network by the options of the general one; different groups of its norms stay as a list. */
function asUnet2d(given: Ho): Unet2d {
  const { width, multipliers, attention, heads } = given;
  const counts = [...new Set(groupsByChannels(given).values())];
  const kinds = multipliers.map((_, level) => (attention.includes(level) ? "attention" : "plain"));
  const widths = multipliers.map((multiplier) => width * multiplier);
  const attended = attendedWidths({ widths, down: kinds, middle: true, attentionMiddle: true });
  const headWidth = attended.length === 1 ? attended[0]! / heads : `1/${heads} of a level`;
  const own = Object.fromEntries(
    ["width", "multipliers", "attention", "heads", "groupSize"].map((name) => [name, undefined]),
  );
  return {
    ...own,
    ...{ name: "unet2d", widths, down: kinds, middle: true, attentionMiddle: true, middleScale: 1 },
    ...(heads === 1 ? {} : { headWidth: headWidth as number }),
    ...{ activation: "silu", scaleShift: false, halving: "conv", doubling: "conv", waves: "sinusoidal" },
    ...{ cosFirst: false, frequencyShift: 1, centre: false, learnsVariance: false },
    ...{ classKind: "table", classNone: true },
    groups: (counts.length === 1 ? counts[0]! : [...groupsByChannels(given).values()]) as number,
  };
}

/** The channels that attention sees, each once. */
function attendedWidths(given: Pick<Unet2d, "widths" | "down" | "up" | "middle" | "attentionMiddle">) {
  const { widths, down, up = down } = given;
  const levels = widths.filter((_, level) => down[level] !== "plain" || up[level] !== "plain");
  return [...new Set([...levels, ...(given.middle && given.attentionMiddle ? [widths.at(-1)!] : [])])];
}

function ofUnet2d(given: Unet2d): object {
  const { widths, down, up = down, groups, headWidth, classes, classKind } = given;
  const attends = given.middle && given.attentionMiddle;
  const norm = given.middleNorm === undefined ? (groups ?? skipGroups(widths.at(-1)!)) : given.middleNorm;
  const wide = attendedWidths(given);
  const sees = classKind === "vector" ? "vector" : classes === undefined ? "nothing" : classKind;
  return {
    ...given,
    up,
    embedding: given.embedding ?? 4 * widths[0]!,
    middleNorm: attends ? norm : undefined,
    attentionMiddle: attends,
    headWidth: wide.length === 0 || (wide.length === 1 && wide[0] === headWidth) ? undefined : headWidth,
    ...(given.waves === "sinusoidal" ? {} : { cosFirst: undefined, frequencyShift: undefined }),
    ...(given.waves === "learned" ? {} : { steps: undefined }),
    classKind: sees,
    classes: sees === "vector" ? undefined : classes,
    classNone: sees === "table" ? given.classNone : undefined,
  };
}

interface Lucidrains {
  readonly dim: number;
  readonly initDim?: number;
  readonly multipliers: readonly number[];
  readonly fullAttention?: readonly number[];
  readonly heads: number | readonly number[];
  readonly headWidth: number | readonly number[];
  readonly waves: string;
}

function ofLucidrains(given: Lucidrains): object {
  const { dim, multipliers, waves } = given;
  const each = (value: number | readonly number[]): readonly number[] =>
    multipliers.map((_, level) => (typeof value === "number" ? value : (value[level] ?? value.at(-1)!)));
  return {
    initDim: given.initDim ?? dim,
    fullAttention: given.fullAttention ?? [multipliers.length - 1],
    heads: each(given.heads),
    headWidth: each(given.headWidth),
    ...(waves === "sinusoidal" ? { waveWidth: undefined } : { theta: undefined }),
  };
}

import { type CompleteConfig, groupCount, type Structure, structureOf } from "@ddpm/unet/authoring";

interface Ho {
  readonly width: number;
  readonly multipliers: readonly number[];
  readonly attention: readonly number[];
  readonly heads: number;
  readonly groups: number;
  readonly groupSize: number;
}

/** A structure as it compares: of norms with different groups, a list. */
type Compared = Pick<
  Structure,
  "widths" | "down" | "up" | "middle" | "attentionMiddle" | "waves" | "classKind" | "classNone"
> & {
  readonly middleNorm: unknown;
  readonly headWidth?: number | string;
  readonly classes?: number;
};

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

/** The paper's network as the structure of the general one; different groups of its norms stay as a list. */
export function resolveHo(given: Ho): object {
  const { width, multipliers, attention, heads } = given;
  const counts = [...groupsByChannels(given).values()];
  const groups = new Set(counts).size === 1 ? counts[0]! : counts;
  const down = multipliers.map((_, level) => (attention.includes(level) ? "attention" : "plain"));
  const widths = multipliers.map((multiplier) => width * multiplier);
  const shape = { widths, down, up: down, middle: true, attentionMiddle: true };
  const attended = attendedWidths(shape);
  const headWidth = attended.length === 1 ? attended[0]! / heads : `1/${heads} of a level`;
  return {
    ...leftOut(["width", "multipliers", "attention", "heads", "groupSize"]),
    name: "unet2d",
    ...comparable({
      ...{ ...shape, groups, middleNorm: groups, middleScale: 1, embedding: 4 * width },
      ...(heads === 1 ? {} : { headWidth }),
      ...{ activation: "silu", scaleShift: false, halving: "conv", doubling: "conv", waves: "sinusoidal" },
      ...{ cosFirst: false, frequencyShift: 1, centre: false, learnsVariance: false },
      ...{ classKind: "table", classNone: true },
    }),
  };
}

/** The structure of the network, without what has no effect. */
export function resolveUnet2d(given: CompleteConfig & { readonly name: string }): object {
  const { name, ...config } = given;
  return { ...leftOut(Object.keys(config)), name, ...comparable(structureOf(given)) };
}

/** The channels that attention sees, each once. */
function attendedWidths(given: {
  readonly widths: readonly number[];
  readonly down: readonly string[];
  readonly up: readonly string[];
  readonly middle: boolean;
  readonly attentionMiddle: boolean;
}): number[] {
  const { widths, down, up } = given;
  const levels = widths.filter((_, level) => down[level] !== "plain" || up[level] !== "plain");
  return [...new Set([...levels, ...(given.middle && given.attentionMiddle ? [widths.at(-1)!] : [])])];
}

function comparable(given: Compared): object {
  const { headWidth, classes, classKind } = given;
  const attends = given.middle && given.attentionMiddle;
  const wide = attendedWidths(given);
  const sees = classKind === "vector" ? "vector" : classes === undefined ? "nothing" : classKind;
  return {
    ...given,
    middleNorm: attends ? given.middleNorm : undefined,
    attentionMiddle: attends,
    headWidth: wide.length === 0 || (wide.length === 1 && wide[0] === headWidth) ? undefined : headWidth,
    ...(given.waves === "sinusoidal" ? {} : leftOut(["cosFirst", "frequencyShift"])),
    ...(given.waves === "learned" ? {} : leftOut(["steps"])),
    classKind: sees,
    classes: sees === "vector" ? undefined : classes,
    classNone: sees === "table" ? given.classNone : undefined,
  };
}

function leftOut(names: readonly string[]): Record<string, undefined> {
  return Object.fromEntries(names.map((name) => [name, undefined]));
}

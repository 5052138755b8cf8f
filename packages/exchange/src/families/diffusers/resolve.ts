import { groupCount, skipGroups } from "@ddpm/unet/authoring";

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
export function resolveHo(given: Ho): object {
  return resolveUnet2d(asUnet2d(given));
}

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

export function resolveUnet2d(given: Unet2d): object {
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

import type { Counterpart, Options } from "../family.ts";
import { type ChannelOptions, resolvedChannels } from "./channel-counts.ts";

/**
 * A network's options as what they resolve to, so that two specs of one function are equal: options that follow from
 * others are filled in, options without effect have one value, levels are sorted. Dropout is left out: weights and outputs
 * do not depend on it.
 *
 * @param complete options of the network, defaults filled in, and its `name`
 * @param resolve  the rules of its family
 */
export function resolvedBy(resolve: Counterpart["resolve"], complete: Options): Options {
  const follows = resolve?.(complete as never) ?? {};
  const options = { ...complete, ...follows };
  const counts = resolvedChannels(options as unknown as ChannelOptions);
  const { dropout: _, ...rest } = { ...options, ...counts } as Record<string, unknown>;
  for (const levels of ["attention", "fullAttention"])
    if (rest[levels] !== undefined) rest[levels] = sorted(rest[levels]);
  return rest;
}

function sorted(levels: unknown): number[] {
  return [...new Set(levels as readonly number[])].sort((a, b) => a - b);
}

/** A row for no class is in a table of classes, and nowhere else. */
export function withoutClasses({ classes }: { readonly classes?: number }): object {
  return classes === undefined ? { classNone: undefined } : {};
}

/** One number for square images, as references write it. */
export function sideOf([height, width]: readonly [number, number]): number | readonly [number, number] {
  return height === width ? height : [height, width];
}

import type { Counterpart, Options } from "../family.ts";
import { resolvedChannels } from "./channel-counts.ts";

/**
 * A network's options as what they resolve to, so that two specs of one function are equal: options that follow from
 * others are filled in, options without effect have one value. Dropout is left out: weights and outputs
 * do not depend on it.
 *
 * @param complete options of the network, defaults filled in, and its `name`
 * @param resolve  the rules of its family
 */
export function resolvedBy(resolve: Counterpart["resolve"], complete: Options): Options {
  const follows = resolve?.(complete as never) ?? {};
  const options = { ...complete, ...follows };
  const counts = resolvedChannels(options);
  const { dropout: _, ...rest } = { ...options, ...counts } as Record<string, unknown>;
  return rest;
}

/** A row for no class is in a table of classes, and nowhere else. */
export function resolvedClasses(numClasses: number | null | undefined): object {
  return numClasses ? { numClasses } : { numClasses: undefined, classNone: undefined };
}

/** One number for square images, as references write it. */
export function sideOf([height, width]: readonly [number, number]): number | readonly [number, number] {
  return height === width ? height : [height, width];
}

import { InvalidArgumentError } from "commander";

/** An option's value as a whole number not below `least`, nor above `most` where it is given. */
export function wholeNumber(least: number, most?: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    const range = most === undefined ? `of at least ${least}` : `from ${least} to ${most}`;
    if (text.trim() === "" || !Number.isSafeInteger(value) || value < least || value > (most ?? value)) {
      throw new InvalidArgumentError(`Expected a whole number ${range}.`);
    }
    return value;
  };
}

/** Most pictures of one call: they are kept in memory. */
export const MOST_PICTURES = 100_000;

/** Most pictures that are drawn into one. */
export const MOST_TILES = 10_000;

/** Most rows, and most stages, of a strip. */
export const MOST_STAGES = 256;

/** Most steps of one sampling run. */
export const MOST_STEPS = 1_000_000;

/** Most pictures computed at a time. */
export const MOST_BATCH = 4096;

/** An option's value as a number above 0. */
export function positiveNumber(text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0) throw new InvalidArgumentError("Expected a number above 0.");
  return value;
}

/** An option's value as the sides of images: `32`, or height and width, `[16,24]` or `16x24`. */
export function sides(text: string): readonly [height: number, width: number] {
  const found = /^(\d+)$|^\[?\s*(\d+)\s*[,x×]\s*(\d+)\s*\]?$/.exec(text.trim());
  const [height, width] = found ? [Number(found[1] ?? found[2]), Number(found[1] ?? found[3])] : [0, 0];
  if (height >= 1 && width >= 1 && Math.max(height, width) <= MOST_PIXELS) return [height, width];
  throw new InvalidArgumentError(
    `Expected a whole number from 1 to ${MOST_PIXELS}, or height and width: [16,24].`,
  );
}

/** Longer sides are a slip of the keyboard: one image of floats would not fit into memory. */
const MOST_PIXELS = 16_384;

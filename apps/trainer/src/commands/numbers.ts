import { InvalidArgumentError } from "commander";

/** An option's value as a whole number not below `least`. */
export function wholeNumber(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === "" || !Number.isSafeInteger(value) || value < least) {
      throw new InvalidArgumentError(`Expected a whole number of at least ${least}.`);
    }
    return value;
  };
}

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

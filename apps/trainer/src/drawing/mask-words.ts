/** Parts of a picture by their words: whether a place is inside, its coordinates in [0, 1). */
export const maskParts: Readonly<Record<string, (y: number, x: number) => boolean>> = {
  top: (y) => y < 0.5,
  bottom: (y) => y >= 0.5,
  left: (_, x) => x < 0.5,
  right: (_, x) => x >= 0.5,
  middle: (y, x) => Math.abs(y - 0.5) < 0.25 && Math.abs(x - 0.5) < 0.25,
};

/** Words that stand for a mask. */
export const maskWords: readonly string[] = Object.keys(maskParts);

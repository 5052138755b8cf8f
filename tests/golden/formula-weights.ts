/** Uniform number i of parameter p in [−1, 1), from the hash that the golden files' README fixes. */
function formulaUniform(offset: number, i: number): number {
  let h = Math.imul(i, 2654435761) + offset;
  h = Math.imul(h ^ (h >>> 15), 2246822519);
  h = Math.imul(h ^ (h >>> 13), 3266489917);
  return ((h ^ (h >>> 16)) >>> 0) / 2 ** 31 - 1;
}

/** The middle and the largest distance from it, by what a parameter is. */
function rangeOf(name: string, shape: readonly number[]): readonly [middle: number, bound: number] {
  const vector = shape.length === 1;
  if (name.endsWith(".g") || (vector && name.endsWith("weight"))) return [1, 0.1];
  if (vector) return [0, 0.1];
  const fan = shape.slice(1).reduce((product, size) => product * size, 1);
  return [0, Math.sqrt(3 / fan)];
}

/** The formula's value of parameter p, in the PyTorch layout. */
export function formulaWeights(p: number, name: string, shape: readonly number[]): Float32Array {
  const offset = Math.imul(p + 1, 2246822519);
  const [middle, bound] = rangeOf(name, shape);
  const values = new Float32Array(shape.reduce((product, size) => product * size, 1));
  for (let i = 0; i < values.length; i++) values[i] = middle + bound * formulaUniform(offset, i);
  return values;
}

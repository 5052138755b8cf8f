/** Uniform numbers in [−1, 1) from the hash that the golden files' README fixes, for parameter number p. */
function formulaUniform(p: number, count: number): Float64Array {
  const offset = Math.imul(p + 1, 2246822519);
  return Float64Array.from({ length: count }, (_, i) => {
    let h = (Math.imul(i, 2654435761) + offset) >>> 0;
    h = Math.imul(h ^ (h >>> 15), 2246822519) >>> 0;
    h = Math.imul(h ^ (h >>> 13), 3266489917) >>> 0;
    h = (h ^ (h >>> 16)) >>> 0;
    return h / 2 ** 31 - 1;
  });
}

/** The formula's value of one parameter, in the PyTorch layout. */
export function formulaWeights(p: number, name: string, shape: readonly number[]): Float32Array {
  const count = shape.reduce((product, size) => product * size, 1);
  const u = formulaUniform(p, count);
  const vector = shape.length === 1;
  if (name.endsWith(".g") || (vector && name.endsWith("weight")))
    return Float32Array.from(u, (v) => 1 + 0.1 * v);
  if (vector) return Float32Array.from(u, (v) => 0.1 * v);
  const fan = shape.slice(1).reduce((product, size) => product * size, 1);
  const bound = Math.sqrt(3 / fan);
  return Float32Array.from(u, (v) => v * bound);
}

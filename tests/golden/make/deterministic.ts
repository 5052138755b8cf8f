/** Numbers in [0, 1) that follow from a seed: a 32-bit xorshift. */
function uniforms(seed: number): () => number {
  let state = (seed * 2654435761 + 1) >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state / 2 ** 32;
  };
}

/** Normal numbers that follow from a seed: Box and Muller's. */
function normals(seed: number, count: number): number[] {
  const draw = uniforms(seed);
  return Array.from({ length: count }, () => {
    const radius = Math.sqrt(-2 * Math.log(1 - draw()));
    return Math.fround(radius * Math.cos(2 * Math.PI * draw()));
  });
}

export const sizeOf = (shape: readonly number[]): number =>
  shape.reduce((product, length) => product * length, 1);

/** A stored tensor of normal numbers. */
export function noise(seed: number, shape: readonly number[]) {
  return { shape: [...shape], dtype: "float32", data: normals(seed, sizeOf(shape)) };
}

/** Stored float64 numbers. */
export function tensor(shape: readonly number[], data: readonly number[]) {
  return { shape: [...shape], dtype: "float64", data: [...data] };
}

/** Running products. */
export function products(values: readonly number[]): number[] {
  let product = 1;
  return values.map((value) => {
    product *= value;
    return product;
  });
}

/** `count` numbers from a to b. */
export function linspace(a: number, b: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => a + (i * (b - a)) / (count - 1));
}

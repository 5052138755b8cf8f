/** An affine map of the plane, (x, y) → (a x + b y + c, d x + e y + f). */
export type Affine = readonly [a: number, b: number, c: number, d: number, e: number, f: number];

export const IDENTITY: Affine = [1, 0, 0, 0, 1, 0];

/** Maps one after the other, the last of them first: the product of their matrices. */
export function product(...maps: readonly Affine[]): Affine {
  return maps.reduce(
    ([a, b, c, d, e, f], [p, q, r, s, t, u]) => [
      a * p + b * s,
      a * q + b * t,
      a * r + b * u + c,
      d * p + e * s,
      d * q + e * t,
      d * r + e * u + f,
    ],
    IDENTITY,
  );
}

export function translation(x: number, y: number): Affine {
  return [1, 0, x, 0, 1, y];
}

export function scaling(x: number, y: number): Affine {
  return [x, 0, 0, 0, y, 0];
}

/** By `angle` radians, from x towards y. */
export function rotation(angle: number): Affine {
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  return [c, -s, 0, s, c, 0];
}

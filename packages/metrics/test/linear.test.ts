import { random } from "@ddpm/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { symmetricEigenvalues } from "../src/linear/eigenvalues.ts";
import { pivotedCholesky } from "../src/linear/pivoted-cholesky.ts";
import { rowProducts } from "../src/linear/row-products.ts";

const normals = (seed: number, count: number): Float64Array => Float64Array.from(random(seed).normals(count));

/** Q diag(values) Qᵀ with Q a product of reflections. */
function withEigenvalues(values: readonly number[], seed: number): Float64Array {
  const n = values.length;
  let matrix = Float64Array.from({ length: n * n }, (_, at) =>
    at % (n + 1) === 0 ? values[at / (n + 1)]! : 0,
  );
  for (let turn = 0; turn < 3; turn++) {
    const v = normals(seed + turn, n);
    const square = v.reduce((sum, x) => sum + x * x, 0);
    const q = Float64Array.from({ length: n * n }, (_, at) => {
      const [i, j] = [Math.floor(at / n), at % n];
      return (i === j ? 1 : 0) - (2 * v[i]! * v[j]!) / square;
    });
    const half = new Float64Array(n * n);
    rowProducts(q, matrix, n, half);
    const turned = new Float64Array(n * n);
    rowProducts(half, q, n, turned);
    matrix = turned;
  }
  return matrix;
}

test("products of rows equal the definition, whatever the sizes, and the lower half is the same numbers", () => {
  fc.assert(
    fc.property(fc.nat(9), fc.nat(9), fc.nat(600), fc.nat(99), (n, m, d, seed) => {
      const [a, b] = [normals(seed, (n + 1) * (d + 1)), normals(seed + 1, (m + 1) * (d + 1))];
      const out = new Float64Array((n + 1) * (m + 1)).fill(7);
      rowProducts(a, b, d + 1, out);
      const row = (x: Float64Array, i: number) => x.subarray(i * (d + 1), (i + 1) * (d + 1));
      for (let i = 0; i <= n; i++) {
        for (let j = 0; j <= m; j++) {
          const sum = row(a, i).reduce((total, x, k) => total + x * row(b, j)[k]!, 0);
          expect(out[i * (m + 1) + j]).toBeCloseTo(sum, 9);
        }
      }
    }),
    { numRuns: 30 },
  );
  for (const n of [3, 64, 71, 130]) {
    const a = normals(n, n * 300);
    const [full, lower] = [new Float64Array(n * n), new Float64Array(n * n)];
    rowProducts(a, a, 300, full);
    rowProducts(a, a, 300, lower, { lower: true });
    for (let i = 0; i < n; i++) {
      expect(lower.subarray(i * n, i * n + i + 1)).toEqual(full.subarray(i * n, i * n + i + 1));
    }
  }
});

describe("eigenvalues", () => {
  test("of matrices made from known ones, over sixteen orders of magnitude, equal and zero ones too", () => {
    const spectra = [
      [3],
      [2, 2],
      [-1, 0, 1],
      [5, 5, 5, 5, 5],
      [1e-8, 1e-4, 1, 1e4, 1e8],
      [0, 0, 0, 1, 2, 3, -4],
      Array.from({ length: 40 }, (_, k) => 2 ** (k - 20)),
    ];
    for (const [seed, values] of spectra.entries()) {
      const found = symmetricEigenvalues(withEigenvalues(values, seed), values.length);
      const largest = Math.max(...values.map(Math.abs));
      const sorted = [...values].sort((a, b) => a - b);
      for (const [k, value] of sorted.entries()) {
        expect(Math.abs(found[k]! - value)).toBeLessThan(1e-14 * values.length * largest);
      }
    }
  });

  test("of the second difference matrix are 2 − 2 cos(kπ / (n + 1))", () => {
    const n = 50;
    const matrix = new Float64Array(n * n);
    for (let i = 0; i < n; i++) {
      matrix[i * n + i] = 2;
      if (i > 0) matrix[i * n + i - 1] = -1;
    }
    const found = symmetricEigenvalues(matrix, n);
    for (let k = 1; k <= n; k++)
      expect(found[k - 1]).toBeCloseTo(2 - 2 * Math.cos((k * Math.PI) / (n + 1)), 13);
  });

  test("of what is not finite are refused", () => {
    expect(() => symmetricEigenvalues(Float64Array.of(1, Number.NaN, Number.NaN, 1), 2)).toThrow(
      /not finite/,
    );
  });
});

test("a factor multiplies back to its matrix and has its rank, singular or not", () => {
  for (const [n, rank] of [
    [1, 1],
    [9, 9],
    [12, 4],
    [30, 29],
    [5, 0],
  ] as const) {
    const rows = normals(n, n * rank);
    const matrix = new Float64Array(n * n);
    if (rank > 0) rowProducts(rows, rows, rank, matrix);
    const factor = pivotedCholesky(matrix, n);
    expect(factor.rank).toBe(rank);
    const transposed = Float64Array.from({ length: n * rank }, (_, at) => {
      const [i, k] = [Math.floor(at / rank), at % rank];
      return factor.rows[k * n + i]!;
    });
    const back = new Float64Array(n * n);
    if (rank > 0) rowProducts(transposed, transposed, rank, back);
    const worst = Math.max(...back.map((value, at) => Math.abs(value - matrix[at]!)));
    expect(worst).toBeLessThan(1e-12);
  }
});

import { random } from "@ddpm/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { nearestNeighbours, ownNeighbours } from "../src/authoring.ts";
import { type Features, precisionRecall } from "../src/index.ts";
import { floatProducts, loops, PANEL, productError } from "../src/linear/simd/float-products.ts";
import { normalFeatures } from "./draws.ts";

/** Squared distances of all pairs in float64, by the definition. */
function distances(x: Features, y: Features): number[][] {
  const d = x.dimension;
  return Array.from({ length: x.count }, (_, i) =>
    Array.from({ length: y.count }, (__, j) => {
      let sum = 0;
      for (let k = 0; k < d; k++) sum += (x.data[i * d + k]! - y.data[j * d + k]!) ** 2;
      return sum;
    }),
  );
}

/** The k nearest of every row, by sorting; `own` leaves out the row itself. */
function plain(all: number[][], k: number, own: boolean): { squares: number[]; indices: number[] } {
  const rows = all.map((row, i) =>
    row
      .map((square, index) => ({ square, index }))
      .filter(({ index }) => !own || index !== i)
      .sort((a, b) => a.square - b.square || a.index - b.index)
      .slice(0, k),
  );
  return {
    squares: rows.flatMap((row) => row.map(({ square }) => square)),
    indices: rows.flatMap((row) => row.map(({ index }) => index)),
  };
}

/** The four measures by their definitions. */
function plainMeasures(real: Features, generated: Features, k: number): number[] {
  const reach = (x: Features): number[] =>
    plain(distances(x, x), k, true).squares.filter((_, i) => i % k === k - 1);
  const [ofReal, ofGenerated] = [reach(real), reach(generated)];
  const across = distances(real, generated);
  const share = (hits: readonly boolean[]): number => hits.filter(Boolean).length / hits.length;
  const columns = ofGenerated.map((_, j) => across.map((row) => row[j]!));
  return [
    share(columns.map((column) => column.some((square, i) => square <= ofReal[i]!))),
    share(across.map((row) => row.some((square, j) => square <= ofGenerated[j]!))),
    columns.reduce((sum, column) => sum + column.filter((square, i) => square < ofReal[i]!).length, 0) /
      (k * columns.length),
    share(across.map((row, i) => row.some((square) => square < ofReal[i]!))),
  ];
}

/** Sets that are hard for float32: repeated rows, whole numbers with ties, tight clusters far from each other, far from zero, tiny. */
const kinds = {
  spread: (x: number) => x,
  ties: (x: number) => Math.round(x),
  clusters: (x: number, row: number) => 1e3 * ((row * 7) % 5) + 1e-5 * x,
  copies: (x: number, row: number) => (row % 3 === 0 ? 0.5 : x),
  far: (x: number) => 1e7 + x,
  tiny: (x: number) => 1e-30 * x,
} as const;

function hard(kind: keyof typeof kinds, seed: number, count: number, d: number): Features {
  const { data, ...rest } = normalFeatures(random(seed), count, d);
  return { ...rest, data: data.map((value, at) => kinds[kind](value, Math.floor(at / d))) };
}

describe("neighbours and what rests on them are those of all distances in float64", () => {
  const sets = fc.record({
    kind: fc.constantFrom(...(Object.keys(kinds) as (keyof typeof kinds)[])),
    seed: fc.nat(1000),
    x: fc.integer({ min: 7, max: 40 }),
    y: fc.integer({ min: 7, max: 40 }),
    d: fc.integer({ min: 1, max: 19 }),
    k: fc.integer({ min: 1, max: 5 }),
  });

  test("for all kinds of sets, bit by bit", () => {
    fc.assert(
      fc.property(sets, ({ kind, seed, x, y, d, k }) => {
        const [a, b] = [hard(kind, seed, x, d), hard(kind, seed + 1, y, d)];
        const across = nearestNeighbours(a, b, k);
        const own = ownNeighbours(a, k);
        const [plainAcross, plainOwn] = [plain(distances(a, b), k, false), plain(distances(a, a), k, true)];
        expect([...across.squares]).toEqual(plainAcross.squares);
        expect([...across.indices]).toEqual(plainAcross.indices);
        expect([...own.squares]).toEqual(plainOwn.squares);
        expect([...own.indices]).toEqual(plainOwn.indices);
        const { precision, recall, density, coverage } = precisionRecall(a, b, { k, kDensity: k });
        const found = [precision, recall, density, coverage].map(({ value }) => value);
        for (const [i, value] of plainMeasures(a, b, k).entries()) expect(found[i]).toBeCloseTo(value, 12);
      }),
      { numRuns: 120, examples: [[{ kind: "clusters", seed: 5, x: 40, y: 40, d: 8, k: 3 }]] },
    );
  });

  test("across the borders of panels, where no row is settled at once", () => {
    const [a, b] = [hard("clusters", 3, PANEL + 30, 6), hard("clusters", 4, 2 * PANEL + 5, 6)];
    expect([...nearestNeighbours(a, b, 3).indices]).toEqual(plain(distances(a, b), 3, false).indices);
    expect([...ownNeighbours(b, 3).indices]).toEqual(plain(distances(b, b), 3, true).indices);
  });
});

test.each([
  ["vectors", floatProducts],
  ["loops", loops],
])("products in float32 keep within their bound, by %s", (_, make) => {
  for (const d of [1, 8, 21, 512]) {
    const engine = make(d);
    const [a, b] = [1, 2].map((seed) => Float32Array.from(random(seed).normals(PANEL * d)));
    const products = engine.multiply(
      engine.pack(a!, PANEL, "left"),
      engine.pack(b!, PANEL, "right"),
      PANEL,
      PANEL,
    );
    const norm = (x: Float32Array, row: number): number => Math.hypot(...x.subarray(row * d, (row + 1) * d));
    let most = 0;
    for (let at = 0; at < PANEL * PANEL; at += 17) {
      const [i, j] = [Math.floor(at / PANEL), at % PANEL];
      let exact = 0;
      for (let k = 0; k < d; k++) exact += a![i * d + k]! * b![j * d + k]!;
      most = Math.max(most, Math.abs(products[at]! - exact) / (norm(a!, i) * norm(b!, j)));
    }
    expect(most).toBeLessThan(productError(d));
    expect(most).toBeGreaterThan(0);
  }
});

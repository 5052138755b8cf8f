import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { WebgpuBackend } from "./backend.ts";
import { launch, type Numbers } from "./launch.ts";

/**
 * A matrix product C [rows, columns] = Σ_k A[row, k] · B[k, column] whose operands are functions: the source reads and
 * lays out as it likes, the product goes through workgroup memory.
 */
export interface Product {
  readonly name: string;
  readonly key: string;
  readonly inputs: Readonly<Record<string, TensorInfo>>;
  readonly output: TensorInfo;
  readonly types: Readonly<Record<string, string>>;
  /** Read as `uniforms.…` by the source; `rows`, `columns`, `inner` and `span` are there already. */
  readonly numbers: Numbers;
  readonly rows: number;
  readonly columns: number;
  /** Length of the sum. */
  readonly inner: number;
  /** Workgroups that share out the sum; each makes a table of its own. */
  readonly splits?: number;
  /** Tables of different products, e.g. the phases of a stride. */
  readonly slices?: number;
  /**
   * How four numbers are read at once: `outer` along rows and columns, `inner` along the sum. `a` and `b` then mean
   * vec4(A[row .. row + 3, k]) or vec4(A[row, k .. k + 3]), zero outside.
   */
  readonly along: "outer" | "inner";
  /**
   * WGSL: `fn begin(z: i32)` with z of slices · splits, `fn a(row: i32, k: i32) -> vec4<f32>`,
   * `fn b(k: i32, column: i32) -> vec4<f32>`, `fn store(z: i32, row: i32, column: i32, value: f32)`, and
   * `fn innerOf(z: i32) -> vec2<i32>`: where the sum of a table begins and ends, from z and the uniforms alone.
   */
  readonly source: string;
}

interface Tile {
  readonly rows: number;
  readonly columns: number;
  readonly depth: number;
}

/** Rows and columns per invocation. */
const EACH = 4;

/** Large tiles where there are enough of them to fill a device, narrow ones for few columns. */
function tileOf(rows: number, columns: number, tables: number): Tile {
  if (columns <= 4) return { rows: 256, columns: 4, depth: 8 };
  if (rows <= 4) return { rows: 4, columns: 256, depth: 8 };
  const large = Math.ceil(rows / 64) * Math.ceil(columns / 64) * tables;
  return columns > 32 && rows > 32 && large >= 256
    ? { rows: 64, columns: 64, depth: 16 }
    : { rows: 32, columns: 32, depth: 16 };
}

/** Operands whose four numbers lie along rows and columns: an outer product of two vec4 per step. */
const outer = ({ rows, columns, depth }: Tile, threads: number): string => `
  var<workgroup> tileA: array<vec4<f32>, ${(depth * rows) / 4}>;
  var<workgroup> tileB: array<vec4<f32>, ${(depth * columns) / 4}>;
  fn fill(row: i32, column: i32, k: i32, end: i32, index: i32) {
    for (var i = index; i < ${(depth * rows) / 4}; i += ${threads}) {
      let at = k + i / ${rows / 4};
      tileA[i] = vec4<f32>();
      if (at < end) { tileA[i] = a(row + i % ${rows / 4} * 4, at); }
    }
    for (var i = index; i < ${(depth * columns) / 4}; i += ${threads}) {
      let at = k + i / ${columns / 4};
      tileB[i] = vec4<f32>();
      if (at < end) { tileB[i] = b(at, column + i % ${columns / 4} * 4); }
    }
  }`;

const outerStep = ({ rows, columns, depth }: Tile): string => `
  for (var k = 0; k < ${depth}; k++) {
    let left = tileA[k * ${rows / 4} + y];
    let right = tileB[k * ${columns / 4} + x];
    s0 += left.x * right;
    s1 += left.y * right;
    s2 += left.z * right;
    s3 += left.w * right;
  }`;

/** Operands whose four numbers lie along the sum: scalar products of vec4. */
const inner = ({ rows, columns, depth }: Tile, threads: number): string => `
  var<workgroup> tileA: array<vec4<f32>, ${(depth * rows) / 4}>;
  var<workgroup> tileB: array<vec4<f32>, ${(depth * columns) / 4}>;
  fn fill(row: i32, column: i32, k: i32, end: i32, index: i32) {
    for (var i = index; i < ${(depth * rows) / 4}; i += ${threads}) {
      let at = k + i % ${depth / 4} * 4;
      let r = i / ${depth / 4};
      tileA[i % ${depth / 4} * ${rows} + r] = vec4<f32>();
      if (at < end) { tileA[i % ${depth / 4} * ${rows} + r] = a(row + r, at); }
    }
    for (var i = index; i < ${(depth * columns) / 4}; i += ${threads}) {
      let at = k + i % ${depth / 4} * 4;
      let c = i / ${depth / 4};
      tileB[i % ${depth / 4} * ${columns} + c] = vec4<f32>();
      if (at < end) { tileB[i % ${depth / 4} * ${columns} + c] = b(at, column + c); }
    }
  }`;

/** An invocation's rows and columns lie `down` and `across` apart, so that neighbours read neighbours. */
const innerStep = ({ rows, columns, depth }: Tile): string => {
  const across = columns / EACH;
  const down = rows / EACH;
  return `
  for (var k = 0; k < ${depth / 4}; k++) {
    let c0 = tileB[k * ${columns} + x];
    let c1 = tileB[k * ${columns} + x + ${across}];
    let c2 = tileB[k * ${columns} + x + ${2 * across}];
    let c3 = tileB[k * ${columns} + x + ${3 * across}];
    ${[0, 1, 2, 3]
      .map((i) => {
        const left = `r${i}`;
        return `let ${left} = tileA[k * ${rows} + y + ${i * down}];
    s${i} += vec4<f32>(dot(${left}, c0), dot(${left}, c1), dot(${left}, c2), dot(${left}, c3));`;
      })
      .join("\n    ")}
  }`;
};

/** Runs a product in one dispatch. */
export function tiledProduct(backend: WebgpuBackend, product: Product): void {
  const { name, key, inputs, output, types, rows, columns, splits = 1, slices = 1, along } = product;
  const tables = splits * slices;
  const tile = tileOf(rows, columns, tables);
  const across = tile.columns / EACH;
  const down = tile.rows / EACH;
  const threads = across * down;
  const columnTiles = Math.ceil(columns / tile.columns);
  const rowTiles = Math.ceil(rows / tile.rows);
  const step = along === "outer" ? outerStep(tile) : innerStep(tile);
  const rowOf = (i: number): string => (along === "outer" ? `y * 4 + ${i}` : `y + ${i * down}`);
  const columnOf = (j: number): string =>
    along === "outer" ? `column + x * 4 + ${j}` : `column + x + ${j * across}`;
  launch(backend, {
    name,
    key: `${key} ${tile.rows}×${tile.columns}`,
    inputs,
    outputs: { result: output },
    types,
    numbers: {
      ...product.numbers,
      rows: { i32: rows },
      columns: { i32: columns },
      inner: { i32: product.inner },
      columnTiles: { i32: columnTiles },
      rowTiles: { i32: rowTiles },
    },
    workgroup: [threads],
    workgroups: [columnTiles * rowTiles * tables],
    source: () => `
      ${product.source}
      ${(along === "outer" ? outer : inner)(tile, threads)}
      fn storeRow(z: i32, row: i32, column: i32, x: i32, value: vec4<f32>) {
        if (row >= uniforms.rows) { return; }
        ${[0, 1, 2, 3]
          .map(
            (j) => `if (${columnOf(j)} < uniforms.columns) { store(z, row, ${columnOf(j)}, value[${j}]); }`,
          )
          .join("\n        ")}
      }
      fn run(group: vec3<u32>, local: vec3<u32>, index: u32) {
        let column = i32(group.x) % uniforms.columnTiles * ${tile.columns};
        let rest = i32(group.x) / uniforms.columnTiles;
        let row = rest % uniforms.rowTiles * ${tile.rows};
        let z = rest / uniforms.rowTiles;
        let x = i32(index) % ${across};
        let y = i32(index) / ${across};
        let range = innerOf(z);
        begin(z);
        var s0 = vec4<f32>();
        var s1 = vec4<f32>();
        var s2 = vec4<f32>();
        var s3 = vec4<f32>();
        for (var k = range.x; k < range.y; k += ${tile.depth}) {
          fill(row, column, k, range.y, i32(index));
          workgroupBarrier();
          ${step}
          workgroupBarrier();
        }
        ${[0, 1, 2, 3].map((i) => `storeRow(z, row + ${rowOf(i)}, column, x, s${i});`).join("\n        ")}
      }`,
  });
}

import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { WebgpuBackend } from "../backend.ts";
import { launch, type Numbers } from "./launch.ts";
import { type Code, innerCode, outerCode, type Tile } from "./tiles.ts";

/**
 * A matrix product C [rows, columns] = Σ_k A[row, k] · B[k, column] whose operands are functions: the source reads and
 * lays out as it likes, the product goes through workgroup memory.
 */
export interface Product {
  readonly name: string;
  readonly key: string;
  readonly inputs: Readonly<Record<string, TensorInfo>>;
  readonly outputs: Readonly<Record<string, TensorInfo>>;
  readonly types: Readonly<Record<string, string>>;
  /** Read as `uniforms.…` by the source; `rows`, `columns` and `inner` are there already. */
  readonly numbers: Numbers;
  readonly rows: number;
  readonly columns: number;
  /** Length of the sum. */
  readonly inner: number;
  /** Workgroups that share out the sum; each makes a table of its own. */
  readonly splits?: number;
  /** Tables of different products, e.g. the phases of a stride. */
  readonly slices?: number;
  /** Whether four numbers are read at once along rows and columns, or along the sum. */
  readonly along: "outer" | "inner";
  /**
   * WGSL. `fn innerOf(z: i32) -> vec2<i32>` is where the sum of table z, of slices · splits, begins and ends, from z and
   * the uniforms alone; `fn begin(z: i32)` prepares for it; `fn store(z: i32, row: i32, column: i32, value: f32)`.
   *
   * What takes divisions is computed once per row and once per step of the sum: `struct Row`, `fn rowOf(row: i32) -> Row`,
   * `struct Inner`, `fn innerAt(k: i32) -> Inner`. `fn a(row: Row, k: Inner) -> vec4<f32>` and
   * `fn b(k: Inner, column: i32) -> vec4<f32>` then read four numbers, those outside being 0: rows and columns from the
   * named one on (`outer`), or steps of the sum from the named one on (`inner`). For `outer` the k of `b` is an i32.
   */
  readonly source: string;
}

/** Large tiles where there are enough of them to fill a device, narrow ones for few rows or columns. */
function tileOf(rows: number, columns: number, tables: number): Tile {
  if (columns <= 4) return { rows: 128, columns: 4, depth: 16 };
  if (rows <= 4) return { rows: 4, columns: 128, depth: 16 };
  const large = Math.ceil(rows / 64) * Math.ceil(columns / 64) * tables;
  return columns > 32 && rows > 32 && large >= 256
    ? { rows: 64, columns: 64, depth: 16 }
    : { rows: 32, columns: 32, depth: 32 };
}

/** WGSL of a whole product. */
const sourceOf = (source: string, tile: Tile, { tables, rows, fill, step, row, column }: Code): string => `
  ${source}
  ${tables}
  fn storeRow(z: i32, row: i32, column: i32, x: i32, value: vec4<f32>) {
    if (row >= uniforms.rows) { return; }
    ${[0, 1, 2, 3]
      .map((j) => `if (${column(j)} < uniforms.columns) { store(z, row, ${column(j)}, value[${j}]); }`)
      .join("\n    ")}
  }
  fn run(group: vec3<u32>, local: vec3<u32>, invocation: u32) {
    let index = i32(invocation);
    let column = i32(group.x) % uniforms.columnTiles * ${tile.columns};
    let rest = i32(group.x) / uniforms.columnTiles;
    let row = rest % uniforms.rowTiles * ${tile.rows};
    let z = rest / uniforms.rowTiles;
    let x = index % ${tile.columns / 4};
    let y = index / ${tile.columns / 4};
    let range = innerOf(z);
    begin(z);
    ${rows}
    ${[0, 1, 2, 3].map((i) => `var s${i} = vec4<f32>();`).join(" ")}
    for (var k = range.x; k < range.y; k += ${tile.depth}) {
      ${fill}
      workgroupBarrier();
      ${step}
      workgroupBarrier();
    }
    ${[0, 1, 2, 3].map((i) => `storeRow(z, ${row(i)}, column, x, s${i});`).join("\n    ")}
  }`;

/** Runs a product in one dispatch. */
export function tiledProduct(backend: WebgpuBackend, product: Product): void {
  const { name, key, inputs, outputs, types, rows, columns, splits = 1, slices = 1, along } = product;
  const tables = splits * slices;
  const tile = tileOf(rows, columns, tables);
  const columnTiles = Math.ceil(columns / tile.columns);
  const rowTiles = Math.ceil(rows / tile.rows);
  const threads = (tile.rows * tile.columns) / 16;
  launch(backend, {
    name,
    key: `${key} ${tile.rows}×${tile.columns}`,
    inputs,
    outputs,
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
    source: () => sourceOf(product.source, tile, along === "outer" ? outerCode(tile) : innerCode(tile)),
  });
}

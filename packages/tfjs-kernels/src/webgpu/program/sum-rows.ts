import type { TensorInfo } from "@tensorflow/tfjs-core";
import { sizeOf } from "../../size-of.ts";
import type { WebgpuBackend } from "../backend.ts";
import { joinRows } from "./join-rows.ts";
import { launch } from "./launch.ts";

/** Columns of a workgroup, and its rows where there are more than a few: each invocation then has several. */
const COLUMNS = 32;
const ROWS = 8;
const FEW = 16;

/** A table whose rows hold the numbers of two tensors, one behind the other. */
export interface Table {
  readonly name: string;
  readonly rows: number;
  /** Shapes of the two tensors. */
  readonly shapes: readonly [readonly number[], readonly number[]];
}

const joined = `shared_[index] = sum;
  ${joinRows({
    rows: `${ROWS}`,
    row: "i32(local.y)",
    stride: `${COLUMNS}`,
    at: "i32(index)",
    join: (at, other) => `shared_[${at}] += shared_[${other}];`,
  })}
  sum = shared_[index];`;

/** Sums over the rows of a table, in one dispatch; the order depends on their number alone. */
export function sumRows(backend: WebgpuBackend, x: TensorInfo, table: Table): [TensorInfo, TensorInfo] {
  const { name, rows, shapes } = table;
  const first = backend.makeTensorInfo(shapes[0], "float32");
  const second = backend.makeTensorInfo(shapes[1], "float32");
  const cut = sizeOf(shapes[0]);
  const columns = cut + sizeOf(shapes[1]);
  const down = rows > FEW ? ROWS : 1;
  launch(backend, {
    name,
    key: `${down}`,
    inputs: { x },
    outputs: { first, second },
    numbers: { rows: { i32: rows }, columns: { i32: columns }, cut: { i32: cut } },
    workgroup: [COLUMNS, down],
    workgroups: [Math.ceil(columns / COLUMNS)],
    source: () => `
      ${down === 1 ? "" : `var<workgroup> shared_: array<f32, ${COLUMNS * ROWS}>;`}
      fn run(group: vec3<u32>, local: vec3<u32>, index: u32) {
        let column = i32(group.x) * ${COLUMNS} + i32(local.x);
        var sum = 0.0;
        if (column < uniforms.columns) {
          for (var row = i32(local.y); row < uniforms.rows; row += ${down}) {
            sum += x[row * uniforms.columns + column];
          }
        }
        ${down === 1 ? "" : joined}
        if (local.y == 0u && column < uniforms.columns) {
          if (column < uniforms.cut) { first[column] = sum; }
          else { second[column - uniforms.cut] = sum; }
        }
      }`,
  });
  return [first, second];
}

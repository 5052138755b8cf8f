import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { WebgpuBackend } from "./backend.ts";
import { launch } from "./launch.ts";

/** Columns and rows of a workgroup. */
const COLUMNS = 32;
const ROWS = 8;

/** Two tables, one behind the other. */
export interface Tables {
  readonly name: string;
  readonly rows: number;
  readonly columns: number;
  /** Shapes of the two results, `columns` numbers each. */
  readonly halves: readonly [readonly number[], readonly number[]];
}

/** Sums over the rows of two tables [2, rows, columns], in one dispatch; in the order of the rows. */
export function sumRows(
  backend: WebgpuBackend,
  x: TensorInfo,
  { name, rows, columns, halves }: Tables,
): [TensorInfo, TensorInfo] {
  const first = backend.makeTensorInfo(halves[0], "float32");
  const second = backend.makeTensorInfo(halves[1], "float32");
  launch(backend, {
    name,
    inputs: { x },
    outputs: { first, second },
    numbers: { rows: { i32: rows }, columns: { i32: columns } },
    workgroup: [COLUMNS, ROWS],
    workgroups: [Math.ceil(columns / COLUMNS)],
    source: () => `
      var<workgroup> shared_: array<vec2<f32>, ${COLUMNS * ROWS}>;
      fn run(group: vec3<u32>, local: vec3<u32>, index: u32) {
        let column = i32(group.x) * ${COLUMNS} + i32(local.x);
        var sum = vec2<f32>();
        if (column < uniforms.columns) {
          for (var row = i32(local.y); row < uniforms.rows; row += ${ROWS}) {
            let at = row * uniforms.columns + column;
            sum += vec2<f32>(x[at], x[uniforms.rows * uniforms.columns + at]);
          }
        }
        shared_[index] = sum;
        workgroupBarrier();
        for (var step = ${ROWS / 2}u; step > 0u; step = step / 2u) {
          if (local.y < step) { shared_[index] += shared_[index + step * ${COLUMNS}u]; }
          workgroupBarrier();
        }
        if (local.y == 0u && column < uniforms.columns) {
          first[column] = shared_[index].x;
          second[column] = shared_[index].y;
        }
      }`,
  });
  return [first, second];
}

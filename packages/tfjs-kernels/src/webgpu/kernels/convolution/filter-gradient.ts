import type { backend_util, TensorInfo } from "@tensorflow/tfjs-core";
import type { WebgpuBackend } from "../../backend.ts";
import { elementOf } from "../../program/element.ts";
import { reduceInto } from "../../program/reduce.ts";
import { sumRows } from "../../program/sum-rows.ts";
import { tiledProduct } from "../../program/tiled-product.ts";
import { numbersOf } from "./geometry.ts";

/** Workgroups that fill a device. */
const ENOUGH = 512;

/** Positions that are worth a workgroup, and numbers that partial sums may take together. */
const FEWEST = 128;
const MOST = 2 ** 22;

/** Among how many workgroups the positions of one tile of the filter are shared out. */
function splitsOf(rows: number, columns: number, positions: number): number {
  const tiles = Math.ceil(rows / 64) * Math.ceil(columns / 64);
  const most = Math.min(Math.ceil(positions / FEWEST), Math.floor(MOST / (rows * columns)));
  return Math.max(1, Math.min(Math.ceil(ENOUGH / tiles), most, 256));
}

/** Where a last row of A that is 1 throughout goes, whose product with dy is the gradient of a bias. */
type Ones = "none" | "separate" | "behind";

/** One row of A, or four at once, being a tap of the filter and a channel of x; `one` in the row of ones. */
const row = (wide: boolean, ones: Ones): string => {
  const T = wide ? "i32" : "vec4<i32>";
  return `
  struct Row { down: ${T}, across: ${T}, channel: ${T}, inside: ${wide ? "bool" : "vec4<bool>"}, one: vec4<f32> };
  fn rowOf(row: i32) -> Row {
    let r = row${wide ? "" : " + vec4<i32>(0, 1, 2, 3)"};
    let tap = r / uniforms.channelsIn;
    let down = tap / uniforms.tapsAcross;
    var one = vec4<f32>();
    ${
      ones === "none"
        ? ""
        : `for (var i = 0; i < 4; i++) { if (row + i == uniforms.weightRows) { one[i] = 1.0; } }`
    }
    return Row(down - uniforms.top, tap - down * uniforms.tapsAcross - uniforms.left,
      r - tap * uniforms.channelsIn, r < ${T}(uniforms.weightRows), one);
  }`;
};

const readX = (wide: boolean): string =>
  wide
    ? `let h = k.h + row.down;
    let w = k.w + row.across;
    if (!row.inside || h < 0 || h >= uniforms.height || w < 0 || w >= uniforms.width) { return row.one; }
    return x[((k.first + h * uniforms.width + w) * uniforms.channelsIn + row.channel) / 4];`
    : `let h = k.h + row.down;
    let w = k.w + row.across;
    let inside = row.inside & (h >= vec4<i32>()) & (h < vec4<i32>(uniforms.height))
      & (w >= vec4<i32>()) & (w < vec4<i32>(uniforms.width));
    let at = (k.first + h * uniforms.width + w) * uniforms.channelsIn + row.channel;
    var found = row.one;
    ${[0, 1, 2, 3].map((i) => `if (inside[${i}]) { found[${i}] = x[at[${i}]]; }`).join("\n    ")}
    return found;`;

const sourceOf = (wideX: boolean, wideDy: boolean, ones: Ones): string => `
  fn begin(z: i32) {}
  fn innerOf(z: i32) -> vec2<i32> {
    return vec2<i32>(z * uniforms.span, min((z + 1) * uniforms.span, uniforms.inner));
  }
  ${row(wideX, ones)}

  /** A position of dy: the first pixel of its image, and the pixel of x under the first tap, without padding. */
  struct Inner { first: i32, h: i32, w: i32 };
  fn innerAt(k: i32) -> Inner {
    let line = k / uniforms.widthOut;
    let image = line / uniforms.heightOut;
    return Inner(image * uniforms.height * uniforms.width,
      (line - image * uniforms.heightOut) * uniforms.strideDown,
      (k - line * uniforms.widthOut) * uniforms.strideAcross);
  }

  fn a(row: Row, k: Inner) -> vec4<f32> {
    ${readX(wideX)}
  }

  fn b(k: i32, column: i32) -> vec4<f32> {
    var found = vec4<f32>();
    ${
      wideDy
        ? "if (column < uniforms.columns) { found = dy[(k * uniforms.columns + column) / 4]; }"
        : `for (var i = 0; i < 4; i++) {
      if (column + i < uniforms.columns) { found[i] = dy[k * uniforms.columns + column + i]; }
    }`
    }
    return found;
  }

  fn store(z: i32, row: i32, column: i32, value: f32) {
    ${ones === "separate" ? "if (row == uniforms.weightRows) { bias[column] = value; return; }" : ""}
    result[(z * uniforms.rows + row) * uniforms.columns + column] = value;
  }`;

/** Operands of a filter's gradient. */
export interface FilterGradient {
  readonly name: string;
  readonly x: TensorInfo;
  readonly dy: TensorInfo;
  readonly info: backend_util.Conv2DInfo;
}

/**
 * Gradient of conv2d in its filter, and in a bias of its channels if asked for, [KH, KW, Cin, Cout] and [Cout].
 *
 * A product of x, as every tap of the filter sees it, with dy over all positions; few weights share the positions out
 * among workgroups, whose sums are added up in a second dispatch, always in the same order.
 */
export function filterGradient(
  backend: WebgpuBackend,
  { name, x, dy, info }: FilterGradient,
  withBias: boolean,
): TensorInfo[] {
  const columns = info.outChannels;
  const weightRows = info.filterHeight * info.filterWidth * info.inChannels;
  const rows = weightRows + (withBias ? 1 : 0);
  const inner = info.batchSize * info.outHeight * info.outWidth;
  const span = Math.ceil(inner / splitsOf(rows, columns, inner));
  const splits = Math.ceil(inner / span);
  const types = { x: elementOf(info.inChannels), dy: elementOf(columns) };
  const ones = withBias ? (splits === 1 ? "separate" : "behind") : "none";
  const multiply = (outputs: Readonly<Record<string, TensorInfo>>): void =>
    tiledProduct(backend, {
      name,
      key: `${types.x} ${types.dy} ${ones}`,
      inputs: { x, dy },
      outputs,
      types,
      numbers: { ...numbersOf(info), span: { i32: span }, weightRows: { i32: weightRows } },
      rows,
      columns,
      inner,
      splits,
      along: "outer",
      source: sourceOf(types.x !== "f32", types.dy !== "f32", ones),
    });
  if (splits === 1) {
    const result = backend.makeTensorInfo(info.filterShape, "float32");
    if (!withBias) {
      multiply({ result });
      return [result];
    }
    const bias = backend.makeTensorInfo([columns], "float32");
    multiply({ result, bias });
    return [result, bias];
  }
  const partial = backend.makeTensorInfo([splits, rows, columns], "float32");
  multiply({ result: partial });
  const sums = withBias
    ? sumRows(backend, partial, { name: `${name}.sum`, rows: splits, shapes: [info.filterShape, [columns]] })
    : [backend.makeTensorInfo(info.filterShape, "float32")];
  if (!withBias) reduceInto(backend, partial, sums[0]!, { op: "sum", axes: [0] });
  backend.disposeData(partial.dataId);
  return sums;
}

import { Conv2DBackpropFilter, type TensorInfo } from "@tensorflow/tfjs-core";
import { sizeOf } from "../backend.ts";
import { type ConvolutionAttributes, convolutionOf, numbersOf } from "../convolution.ts";
import { elementOf } from "../element.ts";
import { kernel, type WebgpuKernel } from "../kernel.ts";
import { reduceInto } from "../reduce.ts";
import { tiledProduct } from "../tiled-product.ts";

interface Inputs {
  readonly x: TensorInfo;
  readonly dy: TensorInfo;
}

interface Attributes extends ConvolutionAttributes {
  readonly filterShape: [number, number, number, number];
}

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

const sourceOf = (wideX: boolean, wideDy: boolean): string => `
  fn begin(z: i32) {}
  fn innerOf(z: i32) -> vec2<i32> {
    return vec2<i32>(z * uniforms.span, min((z + 1) * uniforms.span, uniforms.inner));
  }

  /** x under one tap of the filter at one position of dy: its first channel, or -1 in the padding. */
  fn under(tap: i32, k: i32) -> i32 {
    let area = uniforms.heightOut * uniforms.widthOut;
    let image = k / area;
    let row = k % area / uniforms.widthOut;
    let h = row * uniforms.strideDown + tap / uniforms.tapsAcross - uniforms.top;
    let w = k % uniforms.widthOut * uniforms.strideAcross + tap % uniforms.tapsAcross - uniforms.left;
    if (h < 0 || h >= uniforms.height || w < 0 || w >= uniforms.width) { return -1; }
    return ((image * uniforms.height + h) * uniforms.width + w) * uniforms.channelsIn;
  }

  fn a(row: i32, k: i32) -> vec4<f32> {
    var found = vec4<f32>();
    ${
      wideX
        ? `if (row >= uniforms.rows) { return found; }
    let start = under(row / uniforms.channelsIn, k);
    if (start >= 0) { found = x[(start + row % uniforms.channelsIn) / 4]; }`
        : `for (var i = 0; i < 4; i++) {
      if (row + i >= uniforms.rows) { break; }
      let start = under((row + i) / uniforms.channelsIn, k);
      if (start >= 0) { found[i] = x[start + (row + i) % uniforms.channelsIn]; }
    }`
    }
    return found;
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
    result[(z * uniforms.rows + row) * uniforms.columns + column] = value;
  }`;

/**
 * Gradient of conv2d in its filter: x [B, H, W, Cin], dy [B, OH, OW, Cout] → [KH, KW, Cin, Cout].
 *
 * A product of x, as every tap of the filter sees it, with dy over all positions; few weights share the positions out
 * among workgroups, whose sums are added up in a second dispatch, always in the same order.
 */
export const conv2dBackpropFilter: WebgpuKernel = kernel<Inputs, Attributes>(
  Conv2DBackpropFilter,
  "slow: one invocation per weight goes over all positions",
  ({ inputs: { x, dy }, attrs, backend, stock }) => {
    const info = convolutionOf(x.shape, attrs.filterShape, attrs);
    if (!info || sizeOf(dy.shape) === 0 || sizeOf(x.shape) === 0) return stock();
    const columns = info.outChannels;
    const rows = info.filterHeight * info.filterWidth * info.inChannels;
    const inner = info.batchSize * info.outHeight * info.outWidth;
    const span = Math.ceil(inner / splitsOf(rows, columns, inner));
    const splits = Math.ceil(inner / span);
    const types = { x: elementOf(info.inChannels), dy: elementOf(columns) };
    const result = backend.makeTensorInfo(attrs.filterShape, "float32");
    const output = splits === 1 ? result : backend.makeTensorInfo([splits, rows, columns], "float32");
    tiledProduct(backend, {
      name: Conv2DBackpropFilter,
      key: `${types.x} ${types.dy}`,
      inputs: { x, dy },
      output,
      types,
      numbers: { ...numbersOf(info), span: { i32: span } },
      rows,
      columns,
      inner,
      splits,
      along: "outer",
      source: sourceOf(types.x !== "f32", types.dy !== "f32"),
    });
    if (splits > 1) {
      reduceInto(backend, output, result, { op: "sum", axes: [0] });
      backend.disposeData(output.dataId);
    }
    return result;
  },
);

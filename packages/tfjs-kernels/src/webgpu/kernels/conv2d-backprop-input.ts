import { Conv2DBackpropInput, type TensorInfo } from "@tensorflow/tfjs-core";
import { sizeOf } from "../backend.ts";
import { type ConvolutionAttributes, convolutionOf, numbersOf } from "../convolution.ts";
import { elementOf } from "../element.ts";
import { kernel, type WebgpuKernel } from "../kernel.ts";
import { tiledProduct } from "../tiled-product.ts";

interface Inputs {
  readonly dy: TensorInfo;
  readonly filter: TensorInfo;
}

interface Attributes extends ConvolutionAttributes {
  readonly inputShape: [number, number, number, number];
}

/** What reads one number or four along the channels of dy, at one tap. */
const read = (wide: boolean, at: (k: string) => string, name: string): string =>
  wide
    ? `let found = ${at("k")}; return select(vec4<f32>(), ${name}[max(found, 0) / 4], found >= 0);`
    : `var result_ = vec4<f32>();
    for (var i = 0; i < 4; i++) {
      if (k + i >= taps.z) { break; }
      let found = ${at("k + i")};
      if (found >= 0) { result_[i] = ${name}[found]; }
    }
    return result_;`;

const sourceOf = (wide: boolean): string => `
  /** First tap of a phase on either axis, and the length of its sum. */
  var<private> taps: vec3<i32>;
  /** The phase, and how far its first tap reaches back in dy. */
  var<private> phase: vec2<i32>;
  var<private> back: vec2<i32>;
  var<private> across: i32;

  fn countOf(first: i32, taps: i32, stride: i32) -> i32 { return max(0, (taps - first + stride - 1) / stride); }

  fn firstOf(z: i32) -> vec2<i32> {
    return vec2<i32>(
      (z / uniforms.strideAcross + uniforms.top) % uniforms.strideDown,
      (z % uniforms.strideAcross + uniforms.left) % uniforms.strideAcross);
  }

  fn innerOf(z: i32) -> vec2<i32> {
    let first = firstOf(z);
    return vec2<i32>(0, countOf(first.x, uniforms.taps, uniforms.strideDown)
      * countOf(first.y, uniforms.tapsAcross, uniforms.strideAcross) * uniforms.channelsOut);
  }

  fn begin(z: i32) {
    let first = firstOf(z);
    taps = vec3<i32>(first, innerOf(z).y);
    across = countOf(first.y, uniforms.tapsAcross, uniforms.strideAcross);
    phase = vec2<i32>(z / uniforms.strideAcross, z % uniforms.strideAcross);
    back = vec2<i32>(
      (phase.x + uniforms.top - first.x) / uniforms.strideDown,
      (phase.y + uniforms.left - first.y) / uniforms.strideAcross);
  }

  /** Image, row and column of dx on the grid of one phase. */
  fn place(row: i32) -> vec3<i32> {
    let area = uniforms.rowsOfPhase * uniforms.columnsOfPhase;
    return vec3<i32>(row / area, row % area / uniforms.columnsOfPhase, row % uniforms.columnsOfPhase);
  }

  fn inDy(row: i32, k: i32) -> i32 {
    let tap = k / uniforms.channelsOut;
    let p = place(row);
    let h = p.y + back.x - tap / across;
    let w = p.z + back.y - tap % across;
    if (h < 0 || h >= uniforms.heightOut || w < 0 || w >= uniforms.widthOut || row >= uniforms.rows) { return -1; }
    return ((p.x * uniforms.heightOut + h) * uniforms.widthOut + w) * uniforms.channelsOut + k % uniforms.channelsOut;
  }

  fn inFilter(k: i32, column: i32) -> i32 {
    let tap = k / uniforms.channelsOut;
    let down = taps.x + tap / across * uniforms.strideDown;
    let right = taps.y + tap % across * uniforms.strideAcross;
    if (column >= uniforms.columns) { return -1; }
    return ((down * uniforms.tapsAcross + right) * uniforms.channelsIn + column) * uniforms.channelsOut
      + k % uniforms.channelsOut;
  }

  fn a(row: i32, k: i32) -> vec4<f32> {
    ${read(wide, (k) => `inDy(row, ${k})`, "dy")}
  }

  fn b(k: i32, column: i32) -> vec4<f32> {
    ${read(wide, (k) => `inFilter(${k}, column)`, "filter_")}
  }

  fn store(z: i32, row: i32, column: i32, value: f32) {
    let p = place(row);
    let h = p.y * uniforms.strideDown + phase.x;
    let w = p.z * uniforms.strideAcross + phase.y;
    if (h < uniforms.height && w < uniforms.width) {
      result[((p.x * uniforms.height + h) * uniforms.width + w) * uniforms.channelsIn + column] = value;
    }
  }`;

/**
 * Gradient of conv2d in its input: dy [B, OH, OW, Cout], filter [KH, KW, Cin, Cout] → [B, H, W, Cin].
 *
 * For every phase of the strides a product of dy with the flipped taps of that phase, all in one dispatch: as many
 * products as the forward pass, none with the zeros between the pixels of dy.
 */
export const conv2dBackpropInput: WebgpuKernel = kernel<Inputs, Attributes>(
  Conv2DBackpropInput,
  "slow: every invocation gathers its pixel from global memory",
  ({ inputs: { dy, filter }, attrs, backend, stock }) => {
    const info = convolutionOf(attrs.inputShape, filter.shape, attrs);
    if (!info || sizeOf(dy.shape) === 0 || sizeOf(attrs.inputShape) === 0) return stock();
    const { strideHeight, strideWidth, inHeight, inWidth, filterHeight, filterWidth, outChannels } = info;
    const down = Math.ceil(inHeight / strideHeight);
    const across = Math.ceil(inWidth / strideWidth);
    const element = elementOf(outChannels);
    const output = backend.makeTensorInfo(attrs.inputShape, "float32");
    tiledProduct(backend, {
      name: Conv2DBackpropInput,
      key: element,
      inputs: { dy, filter_: filter },
      output,
      types: { dy: element, filter_: element },
      numbers: { ...numbersOf(info), rowsOfPhase: { i32: down }, columnsOfPhase: { i32: across } },
      rows: info.batchSize * down * across,
      columns: info.inChannels,
      inner: filterHeight * filterWidth * outChannels,
      slices: strideHeight * strideWidth,
      along: "inner",
      source: sourceOf(element !== "f32"),
    });
    return output;
  },
);

import { Conv2DBackpropInput, type TensorInfo } from "@tensorflow/tfjs-core";
import { sizeOf } from "../../../size-of.ts";
import { kernel, type WebgpuKernel } from "../../kernel.ts";
import { elementOf } from "../../program/element.ts";
import { tiledProduct } from "../../program/tiled-product.ts";
import { type ConvolutionAttributes, convolutionOf, numbersOf } from "./geometry.ts";

interface Inputs {
  readonly dy: TensorInfo;
  readonly filter: TensorInfo;
}

interface Attributes extends ConvolutionAttributes {
  readonly inputShape: [number, number, number, number];
}

/** Reads four numbers along the channels of dy or of the filter, at places that `at` names. */
const read = (wide: boolean, name: string, inside: string, at: string): string =>
  wide
    ? `if (!(${inside})) { return vec4<f32>(); }
    return ${name}[(${at}) / 4];`
    : `let inside = ${inside};
    let at = ${at};
    var found = vec4<f32>();
    ${[0, 1, 2, 3].map((i) => `if (inside[${i}]) { found[${i}] = ${name}[at[${i}]]; }`).join("\n    ")}
    return found;`;

/** Phases of the strides, their taps, and the pixels of dx that belong to them. */
const phases = `
  /** First tap of a phase of the strides on either axis, how many it has across, and the length of its sum. */
  var<private> first: vec2<i32>;
  var<private> across: i32;
  var<private> length: i32;
  /** The phase, and the row and column of dy that its first tap sees from the first pixel. */
  var<private> phase: vec2<i32>;
  var<private> back: vec2<i32>;

  fn countOf(first: i32, taps: i32, stride: i32) -> i32 { return max(0, (taps - first + stride - 1) / stride); }

  fn firstOf(z: i32) -> vec2<i32> {
    return vec2<i32>(
      (z / uniforms.strideAcross + uniforms.top) % uniforms.strideDown,
      (z % uniforms.strideAcross + uniforms.left) % uniforms.strideAcross);
  }

  fn innerOf(z: i32) -> vec2<i32> {
    let begin_ = firstOf(z);
    return vec2<i32>(0, countOf(begin_.x, uniforms.taps, uniforms.strideDown)
      * countOf(begin_.y, uniforms.tapsAcross, uniforms.strideAcross) * uniforms.channelsOut);
  }

  fn begin(z: i32) {
    first = firstOf(z);
    length = innerOf(z).y;
    across = countOf(first.y, uniforms.tapsAcross, uniforms.strideAcross);
    phase = vec2<i32>(z / uniforms.strideAcross, z % uniforms.strideAcross);
    back = vec2<i32>(
      (phase.x + uniforms.top - first.x) / uniforms.strideDown,
      (phase.y + uniforms.left - first.y) / uniforms.strideAcross);
  }

  /** A pixel of dx: the first of its image's pixels in dy, and the row and column of dy under the first tap. */
  struct Row { first: i32, h: i32, w: i32, inside: bool };
  fn rowOf(row: i32) -> Row {
    let line = row / uniforms.columnsOfPhase;
    let image = line / uniforms.rowsOfPhase;
    return Row(image * uniforms.heightOut * uniforms.widthOut, line - image * uniforms.rowsOfPhase + back.x,
      row - line * uniforms.columnsOfPhase + back.y, row < uniforms.rows);
  }`;

/** The terms of a pixel's sum: channels of dy under the taps of the phase, one or four at a time. */
const terms = (wide: boolean, T: string): string => `
  /** A channel of dy, or four, under a tap: how far the tap is from the first, and its place in the filter. */
  struct Inner { down: ${T}, right: ${T}, channel: ${T}, tap: ${T}, inside: ${wide ? "bool" : "vec4<bool>"} };
  fn innerAt(k: i32) -> Inner {
    let at = k${wide ? "" : " + vec4<i32>(0, 1, 2, 3)"};
    let n = at / uniforms.channelsOut;
    let down = n / max(across, 1);
    let right = n - down * across;
    return Inner(down, right, at - n * uniforms.channelsOut,
      (first.x + down * uniforms.strideDown) * uniforms.tapsAcross + first.y + right * uniforms.strideAcross,
      at < ${T}(length));
  }`;

/** `a` reads dy for a pixel of dx and a term, `b` the filter for a term and a channel of dx. */
function operands(wide: boolean, T: string): string {
  const rows = `(row.h - k.down >= ${T}()) & (row.h - k.down < ${T}(uniforms.heightOut))`;
  const columns = `(row.w - k.right >= ${T}()) & (row.w - k.right < ${T}(uniforms.widthOut))`;
  return `
  fn a(row: Row, k: Inner) -> vec4<f32> {
    ${read(
      wide,
      "dy",
      `${wide ? "row.inside" : "vec4<bool>(row.inside)"} & k.inside & ${rows} & ${columns}`,
      "(row.first + (row.h - k.down) * uniforms.widthOut + row.w - k.right) * uniforms.channelsOut + k.channel",
    )}
  }

  fn b(k: Inner, column: i32) -> vec4<f32> {
    ${read(
      wide,
      "filter_",
      `k.inside & ${wide ? "(column < uniforms.columns)" : "vec4<bool>(column < uniforms.columns)"}`,
      "(k.tap * uniforms.channelsIn + column) * uniforms.channelsOut + k.channel",
    )}
  }`;
}

const store = `
  fn store(z: i32, row: i32, column: i32, value: f32) {
    let p = rowOf(row);
    let image = row / (uniforms.rowsOfPhase * uniforms.columnsOfPhase);
    let h = (p.h - back.x) * uniforms.strideDown + phase.x;
    let w = (p.w - back.y) * uniforms.strideAcross + phase.y;
    if (h < uniforms.height && w < uniforms.width) {
      result[((image * uniforms.height + h) * uniforms.width + w) * uniforms.channelsIn + column] = value;
    }
  }`;

function sourceOf(wide: boolean): string {
  const T = wide ? "i32" : "vec4<i32>";
  return [phases, terms(wide, T), operands(wide, T), store].join("\n");
}

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
      outputs: { result: output },
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

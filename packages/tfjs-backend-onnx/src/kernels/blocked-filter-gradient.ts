import type { Value } from "../graph/types.ts";
import { nchw } from "../layout/layouts.ts";
import { NCHWC } from "../lower/convert.ts";
import type { Lowering } from "../lower/lowering.ts";
import { type Geometry, isPointwise } from "./conv-geometry.ts";

/**
 * Whether the filter gradient can be one blocked convolution: pictures and output channels in whole blocks, and a kernel
 * larger than a pixel (for one pixel a matrix product is better).
 */
export function canBlockFilterGradient(c: Lowering, g: Geometry): boolean {
  if (!c.blocked || isPointwise(g)) return false;
  const { block } = c.blocked;
  return g.input[0]! % block === 0 && g.output[3]! % block === 0 && g.dilations.every((d) => d === 1);
}

/** Bytes of dy that one convolution should go through again and again: what a core's second-level cache holds. */
const CHUNK_BYTES = 1 << 20;

/** Output channels that the direct convolution works on at a time, in blocks. */
const BLOCKS_AT_A_TIME = 4;

/** Some rows of dy, and the rows of x that they meet. */
interface Chunk {
  readonly firstRow: number;
  readonly rows: number;
  /** Rows of x, without those of the padding. */
  readonly firstInput: number;
  readonly inputs: number;
  readonly top: number;
  readonly bottom: number;
}

/**
 * The filter gradient as convolutions over the pictures of the batch: x with channels and pictures exchanged is the input,
 * dy is the filter, as wide as a picture. Rows of dy go in chunks that stay in the cache while every channel of x passes
 * over them; the chunks' results add up. Strides become dilations of that filter.
 *
 * Source: the identity dW[r, s, i, o] = sum over b, p, q of x[b, p + r, q + s, i] dy[b, p, q, o].
 */
export function blockedFilterGradient(c: Lowering, x: Value, dy: Value, dw: Value, g: Geometry): void {
  const [, , ow] = g.output as [number, number, number, number];
  const whole: PixelChoice = {
    key: "all",
    pixel: (row, column) => row * ow + column,
    perPicture: g.output[1]! * ow,
  };
  setFilterGradient(c, dw, rawFilterGradient(c, x, dy, g, whole));
}

/** Which pixels of dy take part: all of them, or every second one in both directions. */
export interface PixelChoice {
  readonly key: string;
  pixel(row: number, column: number): number;
  readonly perPicture: number;
}

/** The filter gradient as [I, O / block, KH, KW, block of O]. */
export function rawFilterGradient(
  c: Lowering,
  x: Value,
  dy: Value,
  g: Geometry,
  choice: PixelChoice,
): string {
  const { block } = c.blocked!;
  const channelsIn = g.input[3]!;
  const channelsOut = g.output[3]!;
  const [kh, kw] = g.kernel;
  const rows = picturesAsChannels(c, x, g);
  let result = "";
  for (const chunk of chunksOf(g, block)) {
    const inputs = [inputChunk(c, rows, g, chunk), filterChunk(c, dy, g, chunk, choice)];
    if (result) inputs.push("", result);
    const attributes = {
      kernel_shape: [chunk.rows, g.output[2]!],
      strides: [1, 1],
      dilations: g.strides,
      pads: [chunk.top, 0, chunk.bottom, 0],
    };
    result = c.emit("Conv", inputs, [channelsIn, channelsOut, kh, kw], attributes, NCHWC);
  }
  return result;
}

/** States a filter gradient in the layout of the filter. */
export function setFilterGradient(c: Lowering, dw: Value, result: string): void {
  const { block, filter, firstFilter } = c.blocked!;
  const [kh, kw, channelsIn, channelsOut] = dw.shape as [number, number, number, number];
  const outBlocks = channelsOut / block;
  const nominal = filter.nominal(dw.shape);
  if (filter.accepts(dw.shape)) {
    const parts = c.reshape(result, [channelsIn / block, block, outBlocks, kh * kw, block]);
    c.set(dw, c.reshape(c.transpose(parts, [2, 0, 3, 1, 4]), nominal), filter);
  } else {
    const parts = c.reshape(result, [channelsIn, outBlocks, kh * kw, block]);
    c.set(dw, c.reshape(c.transpose(parts, [1, 0, 2, 3]), nominal), firstFilter);
  }
}

function chunksOf(g: Geometry, block: number): readonly Chunk[] {
  const [b, oh, ow, channels] = g.output as [number, number, number, number];
  const rowBytes = 4 * b * ow * Math.min(channels, BLOCKS_AT_A_TIME * block);
  const count = Math.min(oh, Math.max(1, Math.ceil((oh * rowBytes) / CHUNK_BYTES)));
  const rows = Math.ceil(oh / count);
  const chunks: Chunk[] = [];
  for (let firstRow = 0; firstRow < oh; firstRow += rows) {
    const size = Math.min(rows, oh - firstRow);
    const begin = firstRow * g.strides[0] - g.pads[0];
    const end = (firstRow + size - 1) * g.strides[0] - g.pads[0] + g.kernel[0];
    const firstInput = Math.max(0, begin);
    const lastInput = Math.min(g.input[1]!, end);
    chunks.push({
      firstRow,
      rows: size,
      firstInput,
      inputs: lastInput - firstInput,
      top: firstInput - begin,
      bottom: end - lastInput,
    });
  }
  return chunks;
}

/** Columns of x that some kernel position sees; further ones would make the result too wide. */
const seenColumns = (g: Geometry): number => (g.output[2]! - 1) * g.strides[1] + g.kernel[1];

/** x as rows [B / block, C, H; W' * block of B]: pictures become channels, and rows are padded. */
function picturesAsChannels(c: Lowering, x: Value, g: Geometry): string {
  const block = c.blocked!.block;
  const [b, h, w, channels] = g.input as [number, number, number, number];
  const left = g.pads[1];
  const wide = seenColumns(g);
  const exchanged = c.once(`exchanged ${x.code}`, () => {
    const flat = c.reshape(c.get(x, nchw), [1, b, channels * h, w]);
    return c.emit("ReorderInput", [flat], [1, b, channels * h, w], { channels_last: 0 }, NCHWC);
  });
  const count = (b / block) * channels * h;
  const rows = c.reshape(exchanged, [count, w * block]);
  if (left === 0 && wide === w) return rows;
  const pads = c.ints([0, left * block, 0, (wide - w - left) * block]);
  return c.emit("Pad", [rows, pads], [count, wide * block]);
}

/** The rows of x for a chunk as [C, B, rows, W'] in blocks of B: channels become pictures. */
function inputChunk(c: Lowering, rows: string, g: Geometry, { firstInput, inputs }: Chunk): string {
  const block = c.blocked!.block;
  const [b, h, , channels] = g.input as [number, number, number, number];
  const groups = b / block;
  const wide = seenColumns(g);
  const shape = [channels, b, inputs, wide];
  if (groups === 1 && inputs === h) return c.reshape(rows, shape);
  const order = c.table(`exchange ${groups} ${channels} ${h} ${firstInput} ${inputs}`, () => {
    const index = new Int32Array(channels * groups * inputs);
    let at = 0;
    for (let channel = 0; channel < channels; channel++) {
      for (let group = 0; group < groups; group++) {
        for (let row = 0; row < inputs; row++)
          index[at++] = (group * channels + channel) * h + firstInput + row;
      }
    }
    return index;
  });
  const moved = c.emit("Gather", [rows, order], [channels * groups * inputs, wide * block], { axis: 0 });
  return c.reshape(moved, shape);
}

/** Rows of dy as a filter over pictures: [O / block, B / block, rows, OW, block of B, block of O]. */
function filterChunk(
  c: Lowering,
  dy: Value,
  g: Geometry,
  { firstRow, rows: height }: Chunk,
  { key, pixel, perPicture }: PixelChoice,
): string {
  const { block, activations } = c.blocked!;
  const [b, , ow, channels] = g.output as [number, number, number, number];
  const groups = b / block;
  const blocks = channels / block;
  const count = b * blocks * height * ow;
  const source = c.reshape(c.get(dy, activations), [b * blocks * perPicture, block]);
  const order = c.table(`pictures ${key} ${b} ${blocks} ${perPicture} ${ow} ${firstRow} ${height}`, () => {
    const index = new Int32Array(count);
    let at = 0;
    for (let o = 0; o < blocks; o++) {
      for (let group = 0; group < groups; group++) {
        for (let row = firstRow; row < firstRow + height; row++) {
          for (let column = 0; column < ow; column++) {
            const place = pixel(row, column);
            for (let i = 0; i < block; i++)
              index[at++] = ((group * block + i) * blocks + o) * perPicture + place;
          }
        }
      }
    }
    return index;
  });
  const moved = c.emit("Gather", [source, order], [count, block], { axis: 0 });
  return c.reshape(moved, [channels, b, height, ow]);
}

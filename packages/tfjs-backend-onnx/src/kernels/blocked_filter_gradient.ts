import type { Value } from "../graph/types.ts";
import { nchw } from "../layout/layouts.ts";
import { NCHWC } from "../lower/convert.ts";
import type { Lowering } from "../lower/lowering.ts";
import { type Geometry, isPointwise } from "./conv_geometry.ts";

/**
 * Whether the filter gradient can be one blocked convolution: pictures and output channels in whole blocks, and a kernel
 * larger than a pixel (for one pixel a matrix product is better).
 */
export function canBlockFilterGradient(c: Lowering, g: Geometry): boolean {
  if (!c.blocked || isPointwise(g)) return false;
  const { block } = c.blocked;
  return g.input[0]! % block === 0 && g.output[3]! % block === 0 && g.dilations.every((d) => d === 1);
}

/**
 * The filter gradient as a convolution over the pictures of the batch: x with channels and pictures exchanged is the input,
 * dy is the filter, as large as a picture. Strides become dilations of that filter.
 *
 * Source: the identity dW[r, s, i, o] = sum over b, p, q of x[b, p + r, q + s, i] dy[b, p, q, o].
 */
export function blockedFilterGradient(c: Lowering, x: Value, dy: Value, dw: Value, g: Geometry): void {
  const { block, filter, firstFilter } = c.blocked!;
  const [, , , channelsIn] = g.input as [number, number, number, number];
  const channelsOut = g.output[3]!;
  const [kh, kw] = g.kernel;
  const [top, , bottom] = g.pads;
  const { name: input, wideEnough } = picturesAsChannels(c, x, g);
  const result = c.emit(
    "Conv",
    [input, pictureFilter(c, dy, g)],
    [channelsIn, channelsOut, kh, kw],
    {
      kernel_shape: [g.output[1]!, g.output[2]!],
      strides: [1, 1],
      dilations: g.strides,
      pads: [top, 0, bottom - wideEnough.rows, 0],
    },
    NCHWC,
  );
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

/** x as [C, B / block, H, W', block of B]: channels become pictures, pictures become channels, and rows are padded. */
function picturesAsChannels(
  c: Lowering,
  x: Value,
  g: Geometry,
): { name: string; wideEnough: { rows: number } } {
  const block = c.blocked!.block;
  const [b, h, w, channels] = g.input as [number, number, number, number];
  const groups = b / block;
  const [, left] = g.pads;
  // Exactly the columns that some kernel position sees; further ones would make the result too wide.
  const wide = (g.output[2]! - 1) * g.strides[1] + g.kernel[1];
  const tall = (g.output[1]! - 1) * g.strides[0] + g.kernel[0];
  const flat = c.reshape(c.get(x, nchw), [1, b, channels * h, w]);
  let rows = c.emit("ReorderInput", [flat], [1, b, channels * h, w], { channels_last: 0 }, NCHWC);
  if (left !== 0 || wide !== w) {
    const apart = c.reshape(rows, [groups * channels * h, w * block]);
    const pads = c.ints([0, left * block, 0, (wide - w - left) * block]);
    rows = c.emit("Pad", [apart, pads], [groups * channels * h, wide * block]);
  }
  if (groups > 1) {
    const planes = c.reshape(rows, [groups * channels, h * wide * block]);
    const order = c.table(`exchange ${groups} ${channels}`, () =>
      Int32Array.from(
        { length: groups * channels },
        (_, i) => (i % groups) * channels + Math.floor(i / groups),
      ),
    );
    rows = c.emit("Gather", [planes, order], c.shapeOf(planes), { axis: 0 });
  }
  return {
    name: c.reshape(rows, [channels, b, h, wide]),
    wideEnough: { rows: h + g.pads[0] + g.pads[2] - tall },
  };
}

/** dy as a filter over pictures: [O / block, B / block, OH, OW, block of B, block of O], moved in rows of one block. */
function pictureFilter(c: Lowering, dy: Value, g: Geometry): string {
  const { block, activations } = c.blocked!;
  const [b, oh, ow, channels] = g.output as [number, number, number, number];
  const pixels = oh * ow;
  const groups = b / block;
  const blocks = channels / block;
  const count = b * blocks * pixels;
  const rows = c.reshape(c.get(dy, activations), [count, block]);
  const order = c.table(`pictures ${b} ${blocks} ${pixels}`, () => {
    const index = new Int32Array(count);
    let at = 0;
    for (let o = 0; o < blocks; o++) {
      for (let group = 0; group < groups; group++) {
        for (let pixel = 0; pixel < pixels; pixel++) {
          for (let i = 0; i < block; i++) index[at++] = ((group * block + i) * blocks + o) * pixels + pixel;
        }
      }
    }
    return index;
  });
  const moved = c.emit("Gather", [rows, order], [count, block], { axis: 0 });
  return c.reshape(moved, [channels, b, oh, ow]);
}

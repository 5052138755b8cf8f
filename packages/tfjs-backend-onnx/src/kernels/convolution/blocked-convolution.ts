import type { Lowering, Value } from "../../graph/operation.ts";
import { fromPlainOrder, NCHWC, REORDER_MULTIPLE, reorderInput, reorderOutput } from "../../lower/convert.ts";
import { type BlockedLayouts, nchw } from "../../tensor/layouts.ts";
import type { Shape } from "../../tensor/shape.ts";
import { spreadPixels } from "../channels/pixels.ts";
import { type Geometry, onnxWindow } from "../windows/geometry.ts";

/** Where a convolution gets its filter [KH, KW, I, O] from. */
export interface FilterSource {
  readonly shape: Shape;
  /** In the blocked layout, for channels that are multiples of the block. */
  blocked(): string;
  /** In the layout for unblocked input. */
  first(): string;
  /** In plain order. */
  plain(): string;
}

/** A recorded filter as it is. */
export function recordedFilter(c: Lowering, filter: Value): FilterSource {
  const { filter: blocked, firstFilter } = c.blocked!;
  return {
    shape: filter.shape,
    blocked: () => c.get(filter, blocked),
    first: () => c.get(filter, firstFilter),
    plain: () => c.get(filter),
  };
}

/** Whether the blocked convolution can do it at all; everything else is done by padding channels. */
export function canBlock(c: Lowering, x: Value, channelsOut: number): boolean {
  if (!c.blocked) return false;
  const channels = x.shape[3]!;
  const { block } = c.blocked;
  return channelsOut >= REORDER_MULTIPLE && (channels < block || channels % REORDER_MULTIPLE === 0);
}

/** A result of a blocked convolution: its name, with the channels rounded up to whole blocks. */
export interface BlockedResult {
  readonly name: string;
  readonly channels: number;
}

/** What a blocked convolution does besides: adding a vector [O] or a tensor like the result, spreading its input. */
export interface Added {
  readonly bias?: string | undefined;
  readonly sum?: Value | undefined;
  /** Zeros between the pixels of the input, for blocked input: the strides of a convolution that is undone. */
  readonly spread?: readonly [number, number] | undefined;
}

/**
 * Convolves `x` with a filter on blocks of channels. Channels that do not fill a block are padded with zeros.
 */
export function blockedConvolution(
  c: Lowering,
  x: Value,
  filter: FilterSource,
  g: Geometry,
  { bias, sum, spread }: Added,
): BlockedResult {
  const layouts = c.blocked!;
  const { block } = layouts;
  const [kh, kw, channelsIn, channelsOut] = filter.shape as [number, number, number, number];
  const wholeIn = channelsIn < block ? channelsIn : wholeBlocks(channelsIn, block);
  const wholeOut = wholeBlocks(channelsOut, block);
  const asItIs = channelsIn < block ? c.get(x, nchw) : blockedInput(c, x, layouts);
  const input = spread ? spreadPixels(c, asItIs, spread) : asItIs;
  let weights: string;
  if (wholeIn === channelsIn && wholeOut === channelsOut) {
    weights = channelsIn < block ? filter.first() : filter.blocked();
  } else {
    const padded = c.emit(
      "Pad",
      [filter.plain(), c.ints([0, 0, 0, 0, 0, 0, wholeIn - channelsIn, wholeOut - channelsOut])],
      [kh, kw, wholeIn, wholeOut],
    );
    weights = fromPlainOrder(
      c,
      padded,
      [kh, kw, wholeIn, wholeOut],
      channelsIn < block ? layouts.firstFilter : layouts.filter,
    );
  }
  const inputs = [input, weights];
  if (bias !== undefined) inputs.push(padVector(c, bias, channelsOut, wholeOut));
  else if (sum) inputs.push("");
  if (sum) inputs.push(blockedInput(c, sum, layouts));
  const [b, oh, ow] = g.output as [number, number, number, number];
  const attributes = { ...onnxWindow(g), dilations: g.dilations };
  const name = c.emit("Conv", inputs, [b, wholeOut, oh, ow], attributes, NCHWC);
  return { name, channels: wholeOut };
}

/** States the result of a blocked convolution for a value, dropping padded channels. */
export function setBlocked(c: Lowering, y: Value, { name, channels }: BlockedResult): void {
  if (channels === y.shape[3]) c.set(y, name, c.blocked!.activations);
  else c.set(y, reorderOutput(c, name, y.shape, true));
}

/** A value in blocks, with its last block filled up with zeros where its channels do not fill it. */
function blockedInput(c: Lowering, x: Value, { activations, block }: BlockedLayouts): string {
  if (activations.accepts(x.shape)) return c.get(x, activations);
  const [b, h, w, channels] = x.shape as [number, number, number, number];
  if (channels % REORDER_MULTIPLE !== 0) return reorderInput(c, padChannels(c, c.get(x)), true);
  const shape = [b, wholeBlocks(channels, block), h, w];
  return c.emit("ReorderInput", [c.get(x)], shape, { channels_last: 1 }, NCHWC);
}

/** Fills the last axis up to what the reordering accepts. */
function padChannels(c: Lowering, x: string): string {
  const shape = c.shapeOf(x);
  const missing = -shape.at(-1)! & (REORDER_MULTIPLE - 1);
  const pads = [...shape.map(() => 0), ...shape.map((_, i) => (i === shape.length - 1 ? missing : 0))];
  return c.emit("Pad", [x, c.ints(pads)], shape.with(-1, shape.at(-1)! + missing));
}

function padVector(c: Lowering, vector: string, size: number, whole: number): string {
  const flat = c.reshape(vector, [size]);
  return size === whole ? flat : c.emit("Pad", [flat, c.ints([0, whole - size])], [whole]);
}

const wholeBlocks = (channels: number, block: number): number => Math.ceil(channels / block) * block;

/**
 * The filter [KH, KW, O, I] that takes gradients back: flipped in height and width, inputs and outputs exchanged.
 * In blocks that is a transposition of each block and a permutation of whole blocks.
 */
export function flippedFilter(c: Lowering, filter: Value): FilterSource {
  const { filter: blockedLayout, firstFilter, block } = c.blocked!;
  const [kh, kw, channelsIn, channelsOut] = filter.shape as [number, number, number, number];
  const shape = [kh, kw, channelsOut, channelsIn];
  const plainFlipped = (): string => {
    const taps = c.reshape(c.get(filter), [kh * kw, channelsIn, channelsOut]);
    const reversed = c.int32s(Int32Array.from({ length: kh * kw }, (_, i) => kh * kw - 1 - i));
    const flipped = kh * kw === 1 ? taps : c.emit("Gather", [taps, reversed], c.shapeOf(taps), { axis: 0 });
    return c.reshape(c.transpose(flipped, [0, 2, 1]), shape);
  };
  return {
    shape,
    plain: plainFlipped,
    first: () => fromPlainOrder(c, plainFlipped(), shape, firstFilter),
    blocked: () => {
      const inBlocks = channelsIn / block;
      const outBlocks = channelsOut / block;
      const count = inBlocks * outBlocks * kh * kw;
      const blocks = c.reshape(c.get(filter, blockedLayout), [count, block, block, 1]);
      const transposed = c.emit(
        "ReorderInput",
        [blocks],
        [count, block, block, 1],
        { channels_last: 0 },
        NCHWC,
      );
      const order = c.table(`flip ${inBlocks} ${outBlocks} ${kh} ${kw}`, () => {
        const index = new Int32Array(count);
        let at = 0;
        for (let i = 0; i < inBlocks; i++) {
          for (let o = 0; o < outBlocks; o++) {
            for (let tap = kh * kw - 1; tap >= 0; tap--) index[at++] = (o * inBlocks + i) * kh * kw + tap;
          }
        }
        return index;
      });
      const rows = c.reshape(transposed, [count, block * block]);
      const moved = c.emit("Gather", [rows, order], [count, block * block], { axis: 0 });
      return c.reshape(moved, [channelsIn, channelsOut, kh, kw]);
    },
  };
}

/** The geometry of the convolution that takes gradients back through `g`, or null where it would have to crop. */
export function backwardGeometry(g: Geometry): Geometry | null {
  const [kh, kw] = g.kernel;
  const spread = [g.output[1]! * g.strides[0], g.output[2]! * g.strides[1]] as const;
  const top = kh - 1 - g.pads[0];
  const left = kw - 1 - g.pads[1];
  const bottom = g.input[1]! - spread[0] - top + kh - 1;
  const right = g.input[2]! - spread[1] - left + kw - 1;
  if (Math.min(top, left, bottom, right) < 0 || g.dilations.some((d) => d !== 1)) return null;
  return {
    kernel: g.kernel,
    strides: [1, 1],
    dilations: [1, 1],
    pads: [top, left, bottom, right],
    input: [g.output[0]!, spread[0], spread[1], g.output[3]!],
    output: g.input,
  };
}

import type { Lowering, Value } from "../../graph/operation.ts";
import { NCHWC } from "../../lower/convert.ts";
import type { Geometry } from "../windows/geometry.ts";
import { recordedFilter } from "./blocked-convolution.ts";
import { bandsOf, contractPictures } from "./contraction.ts";

/**
 * A 3x3 convolution of a picture whose pixels were doubled is four 2x2 convolutions of the small picture, one for each
 * position of a pixel in its pair: rows 2i + a see the small rows i - 1 + a and i + a only, through sums of the kernel's
 * rows. That is 16 multiplications in place of 36.
 *
 * Source: the identity y[2i + a] = sum over u of (sum over r of R[a][u][r] w[r]) x[i + u - 1 + a], in both directions.
 */
const SUMS: readonly (readonly (readonly number[])[])[] = [
  [
    [1, 0, 0],
    [0, 1, 1],
  ],
  [
    [1, 1, 0],
    [0, 0, 1],
  ],
];

const PHASES = [
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
] as const;

/** Row (phase, tap of 2x2), column (tap of 3x3). */
const SUM_MATRIX: readonly number[] = PHASES.flatMap(([a, b]) =>
  PHASES.flatMap(([u, v]) => SUMS[a]![u]!.flatMap((row) => SUMS[b]![v]!.map((column) => row * column))),
);

const TRANSPOSED_SUM_MATRIX: readonly number[] = Array.from(
  { length: 9 * 16 },
  (_, i) => SUM_MATRIX[(i % 16) * 9 + Math.floor(i / 16)]!,
);

/** The small picture of which `value` is the doubled one, or null. */
export function doubledFrom(value: Value): Value | null {
  const { node } = value;
  if (node?.op.name !== "Resize") return null;
  const { method, alignCorners } = node.attributes as { method: string; alignCorners: boolean };
  const small = node.inputs[0]!;
  const twice = [1, 2].every((axis) => value.shape[axis] === 2 * small.shape[axis]!);
  return method === "nearest" && !alignCorners && twice ? small : null;
}

/** Whether a convolution over a doubled picture can go over the small one: 3x3, one pixel of padding, whole blocks. */
export function suitsDoubling(c: Lowering, g: Geometry): boolean {
  if (!c.blocked) return false;
  const { block } = c.blocked;
  const ones = (values: readonly number[]): boolean => values.every((value) => value === 1);
  return (
    g.kernel.every((k) => k === 3) &&
    ones(g.strides) &&
    ones(g.dilations) &&
    ones(g.pads) &&
    g.input[3]! % block === 0 &&
    g.output[3]! % block === 0
  );
}

/** The four 2x2 filters in blocks, as one tensor [blocks, 4 phases * 4 taps, block * block]. */
function summedFilters(c: Lowering, filter: Value): string {
  const { block } = c.blocked!;
  return c.once(`summed ${filter.code}`, () => {
    const blocks = (filter.shape[2]! / block) * (filter.shape[3]! / block);
    const taps = c.reshape(recordedFilter(c, filter).blocked(), [blocks, 9, block * block]);
    return c.emit("MatMul", [c.floats(SUM_MATRIX, [16, 9]), taps], [blocks, 16, block * block]);
  });
}

/** Pads of phase (a, b) looking forward; looking backward they are the other way round. */
const phasePads = (a: number, b: number): readonly [number, number, number, number] => [1 - a, 1 - b, a, b];

/** The convolution of the doubled `small`, in blocks. */
export function doubledConvolution(
  c: Lowering,
  small: Value,
  filter: Value,
  bias: string | undefined,
): string {
  const { block, activations } = c.blocked!;
  const [b, h, w, channelsIn] = small.shape as [number, number, number, number];
  const out = filter.shape[3]!;
  const blocks = (channelsIn / block) * (out / block);
  const quarters = PHASES.map(() => [blocks, 4, block * block]);
  const filters = c.emitAll("Split", [summedFilters(c, filter), c.ints([4, 4, 4, 4])], quarters, { axis: 1 });
  const input = c.get(small, activations);
  const pictures = PHASES.map(([a, bb], i) => {
    const inputs = [input, c.reshape(filters[i]!, [out, channelsIn, 2, 2])];
    if (bias !== undefined) inputs.push(c.reshape(bias, [out]));
    return c.emit("Conv", inputs, [b, out, h, w], { kernel_shape: [2, 2], pads: phasePads(a, bb) }, NCHWC);
  });
  const rows = (b * out * h) / block;
  const joined = (left: string, right: string): string => {
    const pixels = [left, right].map((name) => c.reshape(name, [rows * w, block]));
    return c.reshape(c.emit("Concat", pixels, [rows * w, 2 * block], { axis: 1 }), [rows, 2 * w * block]);
  };
  const pairs = [joined(pictures[0]!, pictures[1]!), joined(pictures[2]!, pictures[3]!)];
  return c.reshape(c.emit("Concat", pairs, [rows, 4 * w * block], { axis: 1 }), [b, out, 2 * h, 2 * w]);
}

/** The gradient of the small picture from that of the convolution's result, in blocks. */
export function doubledInputGradient(c: Lowering, dy: Value, filter: Value): string {
  const { block, activations } = c.blocked!;
  const [b, tall, wide, out] = dy.shape as [number, number, number, number];
  const [h, w] = [tall / 2, wide / 2];
  const channelsIn = filter.shape[2]!;
  const inBlocks = channelsIn / block;
  const outBlocks = out / block;
  const count = inBlocks * outBlocks * 16;
  const turned = c.reshape(summedFilters(c, filter), [count, block, block, 1]);
  const transposed = c.emit("ReorderInput", [turned], [count, block, block, 1], { channels_last: 0 }, NCHWC);
  const pixels = c.reshape(c.get(dy, activations), [b * outBlocks * tall * wide, block]);
  let sum = "";
  for (const [phase, [a, bb]] of PHASES.entries()) {
    const order = c.table(`flip phase ${phase} ${inBlocks} ${outBlocks}`, () => {
      const index = new Int32Array(inBlocks * outBlocks * 4);
      let at = 0;
      for (let i = 0; i < inBlocks; i++) {
        for (let o = 0; o < outBlocks; o++) {
          for (let tap = 3; tap >= 0; tap--) index[at++] = (o * inBlocks + i) * 16 + phase * 4 + tap;
        }
      }
      return index;
    });
    const rows = c.reshape(transposed, [count, block * block]);
    const weights = c.emit("Gather", [rows, order], [count / 4, block * block], { axis: 0 });
    const picture = c.table(`phase ${phase} ${b * outBlocks} ${h} ${w}`, () => {
      const index = new Int32Array(b * outBlocks * h * w);
      let at = 0;
      for (let plane = 0; plane < b * outBlocks; plane++) {
        for (let row = 0; row < h; row++) {
          for (let column = 0; column < w; column++)
            index[at++] = (plane * tall + 2 * row + a) * wide + 2 * column + bb;
        }
      }
      return index;
    });
    const part = c.emit("Gather", [pixels, picture], [b * outBlocks * h * w, block], { axis: 0 });
    const inputs = [c.reshape(part, [b, out, h, w]), c.reshape(weights, [channelsIn, out, 2, 2])];
    if (sum) inputs.push("", sum);
    const [top, left, bottom, right] = phasePads(a, bb);
    const attributes = { kernel_shape: [2, 2], pads: [bottom, right, top, left] };
    sum = c.emit("Conv", inputs, [b, channelsIn, h, w], attributes, NCHWC);
  }
  return sum;
}

/** Whether the rows of the small pictures fill whole blocks, which those of the doubled ones may do where these do not. */
export function canContractSmall(c: Lowering, { shape }: Value): boolean {
  return bandsOf(c.blocked!.block, shape[0]!, shape[1]!) > 0;
}

/** The filter gradient of the convolution of the doubled `small`, as {@link contractPictures} gives it. */
export function doubledFilterGradient(
  c: Lowering,
  small: Value,
  dy: Value,
): ReturnType<typeof contractPictures> {
  const { block } = c.blocked!;
  const [b, h, w, channelsIn] = small.shape as [number, number, number, number];
  const out = dy.shape[3]!;
  const blocks = (channelsIn / block) * (out / block);
  const size = block * block;
  const parts = PHASES.map(([a, bb], phase) => {
    const g: Geometry = {
      kernel: [2, 2],
      strides: [1, 1],
      dilations: [1, 1],
      pads: phasePads(a, bb),
      input: small.shape,
      output: [b, h, w, out],
    };
    const pixel = (row: number, column: number): number => (2 * row + a) * 2 * w + 2 * column + bb;
    const choice = { key: `phase ${phase}`, pixel, perPicture: 4 * h * w };
    return c.reshape(contractPictures(c, small, dy, g, choice).name, [blocks, 4 * size]);
  });
  const taps = c.reshape(c.emit("Concat", parts, [blocks, 16 * size], { axis: 1 }), [blocks, 16, size]);
  const name = c.emit("MatMul", [c.floats(TRANSPOSED_SUM_MATRIX, [9, 16]), taps], [blocks, 9, size]);
  return { name, planes: channelsIn / block, lanes: block };
}

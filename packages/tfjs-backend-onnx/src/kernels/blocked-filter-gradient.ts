import type { Value } from "../graph/types.ts";
import type { Lowering } from "../lower/lowering.ts";
import type { Geometry } from "./conv-geometry.ts";
import { bandsOf, contractPictures, type PixelChoice } from "./picture-contraction.ts";

/** Whether {@link blockedFilterGradient} can do it: pictures fill blocks, and so do the channels on one of the sides. */
export function canBlockFilterGradient(c: Lowering, g: Geometry): boolean {
  return canContract(c, g) || (canExchange(g) && canContract(c, exchanged(g)));
}

function canContract(c: Lowering, g: Geometry): boolean {
  if (!c.blocked || g.dilations.some((d) => d !== 1)) return false;
  const { block } = c.blocked;
  return g.output[3]! % block === 0 && bandsOf(block, g.input[0]!, g.output[1]!) > 0;
}

/** The gradient of a filter [KH, KW, I, O] as one contraction over pictures, in the layout of the filter. */
export function blockedFilterGradient(c: Lowering, x: Value, dy: Value, dw: Value, g: Geometry): void {
  if (canContract(c, g)) setFilterGradient(c, dw, contractPictures(c, x, dy, g, allPixels(g)));
  else narrowFilterGradient(c, x, dy, dw, g);
}

const allPixels = ({ output: [, h, w] }: Geometry): PixelChoice => ({
  key: "all",
  pixel: (row, column) => row * w! + column,
  perPicture: h! * w!,
});

/** States what {@link contractPictures} gave, in the layout of the filter. */
export function setFilterGradient(
  c: Lowering,
  dw: Value,
  { name, lanes }: ReturnType<typeof contractPictures>,
): void {
  const { block, filter, firstFilter } = c.blocked!;
  const [kh, kw, channelsIn, channelsOut] = dw.shape as [number, number, number, number];
  const outBlocks = channelsOut / block;
  if (filter.accepts(dw.shape)) {
    const blocks = c.reshape(name, [channelsIn / block, outBlocks, kh * kw * block * block]);
    const turned = channelsIn === block || outBlocks === 1 ? blocks : c.transpose(blocks, [1, 0, 2]);
    c.set(dw, c.reshape(turned, filter.nominal(dw.shape)), filter);
  } else {
    const parts = c.reshape(name, [outBlocks, kh * kw, lanes, block]);
    c.set(dw, c.reshape(c.transpose(parts, [0, 2, 1, 3]), firstFilter.nominal(dw.shape)), firstFilter);
  }
}

/** Whether x and dy can change roles. */
function canExchange(g: Geometry): boolean {
  return g.strides.every((s) => s === 1) && [0, 1].every((axis) => g.pads[axis]! < g.kernel[axis]!);
}

/** x passes over dy in place of dy over x: the kernel comes out flipped in both directions. */
function exchanged(g: Geometry): Geometry {
  const [kh, kw] = g.kernel;
  const [top, left, bottom, right] = g.pads;
  const pads = [kh - 1 - top, kw - 1 - left, kh - 1 - bottom, kw - 1 - right] as const;
  return { ...g, pads, input: g.output, output: g.input };
}

/** For output channels that do not fill blocks, where input channels do. */
function narrowFilterGradient(c: Lowering, x: Value, dy: Value, dw: Value, g: Geometry): void {
  const { block } = c.blocked!;
  const [kh, kw, channelsIn, channelsOut] = dw.shape as [number, number, number, number];
  const taps = kh * kw;
  const back = exchanged(g);
  const { name } = contractPictures(c, dy, x, back, allPixels(back));
  const parts = c.transpose(c.reshape(name, [channelsIn / block, taps, channelsOut, block]), [1, 0, 3, 2]);
  const flipped = c.reshape(parts, [taps, channelsIn * channelsOut]);
  const order = c.int32s(Int32Array.from({ length: taps }, (_, i) => taps - 1 - i));
  const turned = taps === 1 ? flipped : c.emit("Gather", [flipped, order], c.shapeOf(flipped), { axis: 0 });
  c.set(dw, c.reshape(turned, dw.shape));
}

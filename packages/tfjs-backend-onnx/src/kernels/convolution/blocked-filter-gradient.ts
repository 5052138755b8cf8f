import type { Lowering, Value } from "../../graph/operation.ts";
import type { Geometry } from "../windows/geometry.ts";
import { canContract, contractPictures, type PixelChoice } from "./contraction.ts";

/** How {@link blockedFilterGradient} does it: dy passes over x, or x over dy, or neither can. */
export type FilterContraction = "dy over x" | "x over dy" | null;

/** Which contraction fits: its precondition, {@link canContract}, holds as it is or with x and dy exchanged. */
export function filterContraction(c: Lowering, g: Geometry): FilterContraction {
  if (canContract(c, g)) return "dy over x";
  return canExchange(g) && canContract(c, exchanged(g)) ? "x over dy" : null;
}

/** The gradient of a filter [KH, KW, I, O] as one contraction over pictures. */
export function blockedFilterGradient(
  c: Lowering,
  x: Value,
  dy: Value,
  dw: Value,
  g: Geometry,
  contraction: NonNullable<FilterContraction>,
): void {
  if (contraction === "x over dy") exchangedFilterGradient(c, x, dy, dw, g);
  else setFilterGradient(c, dw, contractPictures(c, x, dy, g, allPixels(g)));
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

/**
 * x over dy: for output channels that do not fill blocks where input channels do, and for heights of which only that of x
 * can be cut into bands.
 */
function exchangedFilterGradient(c: Lowering, x: Value, dy: Value, dw: Value, g: Geometry): void {
  const { block } = c.blocked!;
  const [kh, kw, channelsIn, channelsOut] = dw.shape as [number, number, number, number];
  const taps = kh * kw;
  const back = exchanged(g);
  const { name, planes, lanes } = contractPictures(c, dy, x, back, allPixels(back));
  const parts = c.reshape(name, [planes, channelsIn / block, taps, lanes, block]);
  const flipped = c.reshape(c.transpose(parts, [2, 1, 4, 0, 3]), [taps, channelsIn * channelsOut]);
  const order = c.int32s(Int32Array.from({ length: taps }, (_, i) => taps - 1 - i));
  const turned = taps === 1 ? flipped : c.emit("Gather", [flipped, order], c.shapeOf(flipped), { axis: 0 });
  c.set(dw, c.reshape(turned, dw.shape));
}

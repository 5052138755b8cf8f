import type { Lowering } from "../../graph/operation.ts";
import type { Shape } from "../../tensor/shape.ts";
import type { Geometry } from "./geometry.ts";

/** Pads the height and width of an NHWC tensor for the windows of `g`. */
export function padWindows(c: Lowering, x: string, g: Geometry, value: number): string {
  const [top, left, bottom, right] = g.pads;
  if (g.pads.every((p) => p === 0)) return x;
  const [b, h, w, channels] = g.input as [number, number, number, number];
  const pads = c.ints([0, top, left, 0, 0, bottom, right, 0]);
  return c.emit("Pad", [x, pads, c.floats([value], [])], [b, h + top + bottom, w + left + right, channels]);
}

/** What kernel position (row, column) sees of a padded NHWC tensor at each output pixel: [B, OH, OW, C]. */
export function tap(c: Lowering, padded: string, g: Geometry, row: number, column: number): string {
  const [b, , , channels] = g.input as [number, number, number, number];
  const [, oh, ow] = g.output as [number, number, number, number];
  const [sh, sw] = g.strides;
  const top = row * g.dilations[0];
  const left = column * g.dilations[1];
  const shape: Shape = [b, oh, ow, channels];
  if (`${c.shapeOf(padded)}` === `${shape}` && top === 0 && left === 0) return padded;
  const starts = c.ints([top, left]);
  const ends = c.ints([top + (oh - 1) * sh + 1, left + (ow - 1) * sw + 1]);
  return c.emit("Slice", [padded, starts, ends, c.ints([1, 2]), c.ints([sh, sw])], shape);
}

/** The reverse of {@link tap}: puts [B, OH, OW, C] where kernel position (row, column) was read, zeros elsewhere. */
export function untap(c: Lowering, y: string, g: Geometry, row: number, column: number): string {
  const [b, h, w, channels] = g.input as [number, number, number, number];
  const [, oh, ow] = g.output as [number, number, number, number];
  const [sh, sw] = g.strides;
  const top = row * g.dilations[0] - g.pads[0];
  const left = column * g.dilations[1] - g.pads[1];
  const spread = spreadByStride(c, y, [b, oh, ow, channels], sh, sw);
  const pads = [0, top, left, 0, 0, h - top - oh * sh, w - left - ow * sw, 0];
  if (pads.every((p) => p === 0)) return spread;
  return c.emit("Pad", [spread, c.ints(pads)], [b, h, w, channels]);
}

/** Puts stride - 1 zeros after each pixel of an NHWC tensor. */
function spreadByStride(c: Lowering, y: string, shape: Shape, sh: number, sw: number): string {
  if (sh === 1 && sw === 1) return y;
  const [b, h, w, channels] = shape as [number, number, number, number];
  const spread = c.reshape(y, [b, h, 1, w, 1, channels]);
  const pads = c.ints([0, 0, 0, 0, 0, 0, 0, 0, sh - 1, 0, sw - 1, 0]);
  return c.reshape(c.emit("Pad", [spread, pads], [b, h, sh, w, sw, channels]), [b, h * sh, w * sw, channels]);
}

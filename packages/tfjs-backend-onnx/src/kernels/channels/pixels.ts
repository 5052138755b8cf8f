import type { Lowering, Value } from "../../graph/operation.ts";

/**
 * Padding, cropping and spreading of rows and columns of blocked activations [B, C, H, W]: in memory they are
 * [B * C / block, H, W * block], so pixels move as whole blocks of channels.
 */

/** Adds `value` (negative amounts crop) around the pixels. */
export function padPixels(
  c: Lowering,
  x: string,
  [top, left, bottom, right]: readonly [number, number, number, number],
  value: string,
): string {
  const { block } = c.blocked!;
  const [b, channels, h, w] = c.shapeOf(x) as [number, number, number, number];
  const planes = (b * channels) / block;
  const [tall, wide] = [h + top + bottom, w + left + right];
  const pads = c.ints([0, top, left * block, 0, bottom, right * block]);
  const inputs = [c.reshape(x, [planes, h, w * block]), pads, c.reshape(value, [])];
  return c.reshape(c.emit("Pad", inputs, [planes, tall, wide * block]), [b, channels, tall, wide]);
}

/** Cuts `h` rows from `top` and `w` columns from `left`. */
export function cropPixels(c: Lowering, x: string, top: number, left: number, h: number, w: number): string {
  const { block } = c.blocked!;
  const [b, channels, tall, wide] = c.shapeOf(x) as [number, number, number, number];
  const planes = (b * channels) / block;
  const bounds = [c.ints([top, left * block]), c.ints([top + h, (left + w) * block]), c.ints([1, 2])];
  const rows = c.reshape(x, [planes, tall, wide * block]);
  return c.reshape(c.emit("Slice", [rows, ...bounds], [planes, h, w * block]), [b, channels, h, w]);
}

/** Puts stride - 1 zeros after each pixel. */
export function spreadPixels(c: Lowering, x: string, [sh, sw]: readonly [number, number]): string {
  if (sh === 1 && sw === 1) return x;
  const { block } = c.blocked!;
  const [b, channels, h, w] = c.shapeOf(x) as [number, number, number, number];
  const rows = (b * channels * h) / block;
  const pads = c.ints([0, 0, 0, 0, 0, sh - 1, 0, (sw - 1) * block]);
  const spread = c.emit("Pad", [c.reshape(x, [rows, 1, w, block]), pads], [rows, sh, w, sw * block]);
  return c.reshape(spread, [b, channels, h * sh, w * sw]);
}

/** Whether a value is stored in blocks of channels already and only there, so that working on blocks saves a conversion. */
export function isBlocked(c: Lowering, x: Value): boolean {
  const blocked = c.blocked?.activations;
  return blocked !== undefined && x.dtype === "float32" && blocked.accepts(x.shape) && c.has(x, blocked);
}

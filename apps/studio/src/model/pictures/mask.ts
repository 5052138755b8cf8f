/** Where a picture is redrawn: 1 where it is, row by row. */
export interface Mask {
  readonly width: number;
  readonly height: number;
  readonly paint: Uint8Array<ArrayBuffer>;
}

/** A part of a picture in pixels. */
export interface Rectangle {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

type Size = Pick<Mask, "width" | "height">;

/** Nothing is painted. */
export function emptyMask({ width, height }: Size): Mask {
  return { width, height, paint: new Uint8Array(width * height) };
}

/** The middle half of both sides. */
export function middleOf({ width, height }: Size): Rectangle {
  const [w, h] = [Math.round(width / 2), Math.round(height / 2)];
  return { left: Math.floor((width - w) / 2), top: Math.floor((height - h) / 2), width: w, height: h };
}

/** Pixels that are painted. */
export function paintedPixels({ paint }: Mask): number {
  return paint.reduce((sum, one) => sum + one, 0);
}

/** Painted where it was kept, and the reverse. */
export function inverted(mask: Mask): Mask {
  return { ...mask, paint: mask.paint.map((one) => 1 - one) };
}

/** With a rectangle set to painted or kept; what reaches over the edge is left out. */
export function withRectangle(mask: Mask, { left, top, width, height }: Rectangle, on: boolean): Mask {
  const inside = (x: number, y: number): boolean =>
    x >= left && x < left + width && y >= top && y < top + height;
  return changed(mask, inside, on);
}

/**
 * With a stroke of a round brush.
 *
 * @param from   place in pixels of the picture; (0, 0) is the corner at the top left
 * @param to     where the stroke ends; where it began for a dot
 * @param across the brush's diameter in pixels
 */
export function withStroke(
  mask: Mask,
  [x0, y0]: readonly [number, number],
  [x1, y1]: readonly [number, number],
  across: number,
  on: boolean,
): Mask {
  const [dx, dy] = [x1 - x0, y1 - y0];
  const length = dx * dx + dy * dy;
  // A thin brush still paints the pixel that it is on.
  const reach = Math.max(across / 2, 0.71) ** 2;
  const near = (x: number, y: number): boolean => {
    const [px, py] = [x + 0.5 - x0, y + 0.5 - y0];
    const share = length === 0 ? 0 : Math.min(1, Math.max(0, (px * dx + py * dy) / length));
    return (px - share * dx) ** 2 + (py - share * dy) ** 2 <= reach;
  };
  return changed(mask, near, on);
}

function changed(mask: Mask, inside: (x: number, y: number) => boolean, on: boolean): Mask {
  const { width, paint } = mask;
  return {
    ...mask,
    paint: paint.map((old, i) => (inside(i % width, Math.floor(i / width)) ? Number(on) : old)),
  };
}

/** As text for an address: `16x16:` and the pixels, six in a character. */
export function maskText({ width, height, paint }: Mask): string {
  let text = "";
  for (let i = 0; i < paint.length; i += 6) {
    let six = 0;
    for (let k = 0; k < 6; k++) six = 2 * six + (paint[i + k] ?? 0);
    text += DIGITS[six];
  }
  return `${width}x${height}:${text}`;
}

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** The mask of a text for pictures of this size, or undefined where it is none. */
export function maskFrom(text: string, { width, height }: Size): Mask | undefined {
  const [size, digits = ""] = text.split(":");
  if (size !== `${width}x${height}` || digits.length !== Math.ceil((width * height) / 6)) return undefined;
  const paint = new Uint8Array(width * height);
  for (let i = 0; i < paint.length; i++) {
    const six = DIGITS.indexOf(digits[Math.floor(i / 6)]!);
    if (six < 0) return undefined;
    paint[i] = (six >> (5 - (i % 6))) & 1;
  }
  return { width, height, paint };
}

/** A picture's bytes, [H, W, C], with grey where it is painted. */
export function greyed(
  { data, channels }: { readonly data: Uint8ClampedArray; readonly channels: number },
  { paint }: Mask,
): Uint8ClampedArray {
  return data.map((value, i) => (paint[Math.floor(i / channels)] ? 128 : value));
}

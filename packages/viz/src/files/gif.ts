import { checkSameSize } from "../pictures/grid.ts";
import { indexed } from "../pixels/indexed.ts";
import type { Pictures } from "../pixels/pixels.ts";
import { listPixels } from "../pixels/to-pixels.ts";
import { refuse } from "../refuse.ts";
import { gifenc } from "./gif-encoder.ts";

/** Options of {@link gif}. */
export interface GifOptions {
  /** How long a frame stays, in milliseconds, 20..655350; the format keeps hundredths of a second. Default 100. */
  readonly delayMs?: number;
  /** How often the film plays: `"forever"` (default), or a whole number 1..65536. */
  readonly loop?: "forever" | number;
  /** How long the last frame stays, in milliseconds; default 1500, or `delayMs` for a single frame. */
  readonly holdLastMs?: number;
}

/**
 * Frames as the bytes of an animated GIF with one palette for all of them, so that colours do not flicker.
 *
 * Up to 256 colours in the whole film (so every grey film) are kept exactly, more are merged, without dithering.
 * RGBA is blended over white.
 *
 * @param pictures frames of one size: a tensor or batch [frames, H, W, C], or single pictures, at most 65535 pixels wide and high
 * @throws if there are no frames, their sizes differ, or a time is out of the format's range
 */
export function gif(pictures: Pictures, options: GifOptions = {}): Uint8Array {
  if ("length" in pictures && pictures.length === 0) refuse("viz/gif", "no frames", "Give at least one.");
  const frames = listPixels("viz/gif", pictures);
  const {
    delayMs = 100,
    loop = "forever",
    holdLastMs = frames.length > 1 ? Math.max(1500, delayMs) : delayMs,
  } = options;
  checkSameSize("viz/gif", frames);
  const { width, height } = frames[0]!;
  if (width > 65535 || height > 65535)
    refuse("viz/gif", `${width} × ${height} pixels`, "A GIF has at most 65535 each way.");
  checkTime("delayMs", delayMs);
  checkTime("holdLastMs", holdLastMs);

  const { palette, frames: places } = indexed(frames);
  const encoder = gifenc.GIFEncoder();
  places.forEach((index, i) => {
    const delay = i === places.length - 1 ? holdLastMs : delayMs;
    encoder.writeFrame(index, width, height, i === 0 ? { palette, delay, repeat: repeats(loop) } : { delay });
  });
  encoder.finish();
  return encoder.bytes();
}

/** gifenc's count: −1 writes no loop at all, 0 is forever, n plays n times more. */
function repeats(loop: "forever" | number): number {
  if (loop === "forever") return 0;
  if (!Number.isInteger(loop) || loop < 1 || loop > 65536)
    refuse("viz/gif", `loop ${loop}`, 'Give "forever" or how often to play, 1 to 65536.');
  return loop === 1 ? -1 : loop - 1;
}

function checkTime(name: string, ms: number): void {
  if (!(ms >= 20 && ms <= 655350))
    refuse(
      "viz/gif",
      `${name} ${ms}`,
      "Give 20 to 655350 milliseconds; viewers slow shorter times down to 100.",
    );
}

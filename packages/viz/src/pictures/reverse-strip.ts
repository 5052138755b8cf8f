import type { ImageBatch, Pixels } from "../pixels/pixels.ts";
import { type FrameOptions, frameRows } from "./frame-rows.ts";

/** Options of {@link reverseStrip}. */
export interface ReverseStripOptions extends FrameOptions {
  /** The model's guess of the clean image at each frame, shown beneath it. */
  readonly guesses?: readonly ImageBatch[];
}

/**
 * The reverse process, noise at the left: one line per image, `count` equally spaced stages.
 *
 * @param frames  x_t at falling t, each [B, H, W, C]; values outside [-1, 1] are clamped here, not in the chain
 * @throws as {@link stages}, and if numbers or shapes of frames differ
 */
export function reverseStrip(frames: readonly ImageBatch[], options: ReverseStripOptions = {}): Pixels {
  const { guesses, ...rest } = options;
  return frameRows("viz/reverse-strip", guesses ? [{ frames }, { frames: guesses }] : [{ frames }], rest);
}

import type { ImageBatch, Pixels } from "../pixels/pixels.ts";
import { type FrameOptions, frameRows } from "./frame-rows.ts";

/** Options of {@link forwardStrip}. */
export interface ForwardStripOptions extends FrameOptions {
  /** The noise in each frame, shown beneath it: none is mid-grey, the strongest black or white. */
  readonly noise?: readonly ImageBatch[];
}

/**
 * The forward process, clean image at the left: one line per image, `count` equally spaced stages.
 *
 * @param frames x_t at growing t, each [B, H, W, C]
 * @throws as {@link stages}, and if numbers or shapes of frames differ
 */
export function forwardStrip(frames: readonly ImageBatch[], options: ForwardStripOptions = {}): Pixels {
  const { noise, ...rest } = options;
  const tracks = noise ? [{ frames }, { frames: noise, normalize: "symmetric" as const }] : [{ frames }];
  return frameRows("viz/forward-strip", tracks, rest);
}

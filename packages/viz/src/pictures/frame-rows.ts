import type { ErrorPlace } from "@ddpm/core/authoring";
import type { ImageBatch, Pixels } from "../pixels/pixels.ts";
import { type ToPixelsOptions, toPixels } from "../pixels/to-pixels.ts";
import { refuse } from "../refuse.ts";
import { checkSameSize, type GridOptions, grid } from "./grid.ts";
import { stages } from "./stages.ts";

/** Options that strips of frames share. */
export interface FrameOptions extends Omit<GridOptions, "columns" | "normalize"> {
  /** How many stages to show, equally spaced, the first and the last among them; default: every frame. */
  readonly count?: number;
}

/** Frames of one process, each [B, H, W, C], and how their values become bytes. */
export interface Track extends ToPixelsOptions {
  readonly frames: readonly ImageBatch[];
}

/**
 * Time runs to the right, one line per image and track: all tracks of the first image, then those of the next.
 *
 * @param where  the function that was called, named in the error
 * @param tracks processes seen at the same moments, with the same number of frames
 * @throws if there are no frames, or their numbers or shapes differ
 */
export function frameRows(where: ErrorPlace, tracks: readonly Track[], options: FrameOptions): Pixels {
  const total = tracks[0]!.frames.length;
  if (total === 0) refuse(where, "no frames", "Give at least one.");
  for (const { frames } of tracks)
    if (frames.length !== total)
      refuse(where, `${frames.length} frames, expected ${total}`, "Give both lists at the same moments.");

  const { count = total, ...rest } = options;
  const columns = stages(total, count);
  const shown = tracks.map(({ frames, ...how }) => columns.map((i) => toPixels(frames[i]!, how)));
  const batch = shown[0]![0]!.length;
  for (const track of shown)
    for (const [i, images] of track.entries())
      if (images.length !== batch)
        refuse(
          where,
          `${images.length} images at stage ${i}, ${batch} at the first`,
          "Give the same batch at every moment.",
        );

  const tiles = Array.from({ length: batch }, (_, b) =>
    shown.flatMap((track) => track.map((images) => images[b]!)),
  );
  checkSameSize(where, tiles.flat());
  return grid(tiles.flat(), { ...rest, columns: count });
}

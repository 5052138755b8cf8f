import type { Pictures, Pixels } from "../pixels/pixels.ts";
import { listPixels } from "../pixels/to-pixels.ts";
import { type GridOptions, grid } from "./grid.ts";
import { stages } from "./stages.ts";

/** Options of {@link strip}. */
export interface StripOptions extends Omit<GridOptions, "columns"> {
  /** How many pictures to show, equally spaced, the first and the last among them; default: all. */
  readonly count?: number;
}

/**
 * Pictures in one row, exactly `count` of them.
 *
 * @param pictures [B, H, W, C], or single pictures of one size
 * @throws as {@link stages} and {@link grid}
 */
export function strip(pictures: Pictures, options: StripOptions = {}): Pixels {
  const all = listPixels("viz/strip", pictures, options);
  const { count = all.length, normalize: _, ...rest } = options;
  const shown = stages(all.length, count).map((i) => all[i]!);
  return grid(shown, { ...rest, columns: count });
}

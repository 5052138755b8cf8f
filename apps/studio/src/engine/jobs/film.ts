import { gif, grid, png } from "@ddpm/viz/images";
import { type Pictures, tilesOf } from "../images.ts";
import type { Job } from "../protocol.ts";

export interface FilmInput {
  /** Frames in order; the last one alone makes a PNG. */
  readonly frames: readonly Pictures[];
  readonly format: "png" | "gif";
  readonly scale: number;
  /** Stored beside the picture in a PNG. */
  readonly note: string;
}

/** A picture file. */
export interface Film {
  readonly blob: Blob;
}

/** Frames as a picture file, made here because the palette of a long film takes a while. */
export const filmJob: Job<"film"> = async ({ frames, format, scale, note }) => {
  const pages = frames.map((frame) => grid(tilesOf(frame), { scale }));
  const bytes =
    format === "gif" ? gif(pages, { delayMs: 100 }) : png(pages.at(-1)!, { text: { settings: note } });
  return { blob: new Blob([bytes as Uint8Array<ArrayBuffer>], { type: `image/${format}` }) };
};

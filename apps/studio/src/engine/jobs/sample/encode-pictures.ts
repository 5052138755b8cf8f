import { gif, grid, png } from "@ddpm/viz/images";
import { type Pictures, tilesOf } from "../../images.ts";
import type { Job } from "../../job.ts";

export interface EncodeInput {
  /** Frames in order; the last one alone makes a PNG. */
  readonly frames: readonly Pictures[];
  readonly format: "png" | "gif";
  readonly scale: number;
  /** Pictures in a row; default: those of a square. */
  readonly columns?: number;
  /** Pixels around each picture; 2 when left out. */
  readonly padding?: number;
  /** Stored with the picture in a PNG. */
  readonly note: string;
}

/** A picture file. */
export interface Encoded {
  readonly blob: Blob;
}

/** Frames as a picture file, made here because the palette of a long film takes a while. */
export const encodePictures: Job<EncodeInput, Encoded> = async ({ frames, format, note, ...look }) => {
  const pages = frames.map((frame) => grid(tilesOf(frame), look));
  const bytes =
    format === "gif" ? gif(pages, { delayMs: 100 }) : png(pages.at(-1)!, { text: { settings: latin(note) } });
  return { blob: new Blob([bytes as Uint8Array<ArrayBuffer>], { type: `image/${format}` }) };
};

/** A PNG's text knows Latin-1 alone: the rest as JSON writes it. */
function latin(text: string): string {
  return text.replace(/[^\0-\xff]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

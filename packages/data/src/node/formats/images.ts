import { type Plugin, plugin } from "@ddpm/core";
import { z } from "zod";
import { filesBelow } from "../files.ts";
import type { DataFormat } from "../format.ts";
import { isImageName, openImageFolder } from "../image-folder.ts";

/** Options of {@link images}. */
export interface ImagesOptions {
  /** Side in pixels, or [height, width]; without it all images must have the size of the first. */
  readonly size?: number | readonly [number, number] | undefined;
  /** Scale the shorter side and crop the middle (`crop`, default), or `stretch`. */
  readonly fit?: "crop" | "stretch" | undefined;
  /** Filter for resizing, widened when shrinking; `lanczos3`. */
  readonly kernel?: "nearest" | "linear" | "cubic" | "lanczos3" | undefined;
  /** 3 (default) or 1 for grey. */
  readonly channels?: 1 | 3 | undefined;
  /** What shows through transparent parts, red, green, blue, 0 … 255; white. */
  readonly background?: readonly [number, number, number] | undefined;
  /** Take the folders' names as classes (default), or not. */
  readonly labels?: boolean | undefined;
  /** One of the folders inside; by default the training one where they are called train, val, test … */
  readonly split?: string | undefined;
  /** Decode everything at once and leave out what does not decode. */
  readonly skipBad?: boolean | undefined;
  /** Whether a mirror image means something else (letters, digits); false. */
  readonly handed?: boolean | undefined;
  /** Megabytes of decoded pixels to keep; 1024. */
  readonly cache?: number | undefined;
  /** Images decoded at a time; as many as there are cores. */
  readonly concurrency?: number | undefined;
}

const side = z.number().int().min(1).max(4096);
const byte = z.number().int().min(0).max(255);

/**
 * A folder of PNG, JPEG, WebP and GIF files of any size, in folders within folders; the topmost are the classes.
 * Decoded when first read, by sharp in its own threads, and kept as bytes.
 *
 * The fingerprint covers paths, file sizes and options, not every byte of the files.
 */
export const images: Plugin<ImagesOptions, DataFormat> = plugin({
  name: "images",
  about: "a folder of PNG, JPEG, WebP or GIF files, at any depth; folders at the top are classes",
  source: "decoded by sharp (libvips)",
  options: {
    size: z
      .union([side, z.tuple([side, side]).readonly()])
      .optional()
      .describe("side, or height and width"),
    fit: z.enum(["crop", "stretch"]).default("crop").describe("crop the middle, or stretch"),
    kernel: z
      .enum(["nearest", "linear", "cubic", "lanczos3"])
      .default("lanczos3")
      .describe("resizing filter"),
    channels: z
      .union([z.literal(1), z.literal(3)])
      .default(3)
      .describe("1 for grey, 3 for colour"),
    background: z
      .tuple([byte, byte, byte])
      .readonly()
      .default([255, 255, 255])
      .describe("behind transparency"),
    labels: z.boolean().default(true).describe("whether the folders' names are classes"),
    split: z.string().min(1).optional().describe("one of the folders inside"),
    skipBad: z.boolean().default(false).describe("leave out what does not decode"),
    handed: z.boolean().default(false).describe("whether a mirror image means something else"),
    cache: z.number().min(0).default(1024).describe("megabytes of decoded pixels to keep"),
    concurrency: z.number().int().min(1).max(1024).optional().describe("images decoded at a time"),
  },
  create: (options) => ({
    recognises: async ({ kind, path, names }) =>
      kind === "folder" &&
      (names.some(isImageName) || (await filesBelow(path, isImageName, 1).catch(() => [])).length > 0),
    open: (place) => openImageFolder(place, options),
  }),
});

import { fail } from "@ddpm/core";

/** What is used of an `ImageBitmap`. */
export interface Bitmap {
  readonly width: number;
  readonly height: number;
  close(): void;
}

/** What is used of a two-dimensional canvas context. */
export interface Canvas2d {
  fillStyle: unknown;
  imageSmoothingEnabled: boolean;
  imageSmoothingQuality: unknown;
  fillRect(x: number, y: number, width: number, height: number): void;
  drawImage(image: Bitmap, ...place: number[]): void;
  getImageData(x: number, y: number, width: number, height: number): { readonly data: Uint8ClampedArray };
}

/** What is used of a file or a folder of the origin's private file system. */
export interface PrivateFolder {
  getDirectoryHandle(name: string, options?: { create?: boolean }): Promise<PrivateFolder>;
  getFileHandle(name: string, options?: { create?: boolean }): Promise<PrivateFile>;
}

/** See {@link PrivateFolder}. */
export interface PrivateFile {
  getFile(): Promise<Blob>;
  createWritable(): Promise<{ write(bytes: Uint8Array): Promise<void>; close(): Promise<void> }>;
}

interface Platform {
  readonly createImageBitmap?: (image: Blob, options: object) => Promise<Bitmap>;
  readonly OffscreenCanvas?: new (
    width: number,
    height: number,
  ) => { getContext(kind: "2d", options: object): Canvas2d | null };
  readonly navigator?: { readonly storage?: { getDirectory?: () => Promise<PrivateFolder> } };
}

/** The globals of a page or a worker, which these types know little of. */
const platform = globalThis as unknown as Platform;

/** Decodes a picture upright, with its colours as sRGB. */
export function bitmapOf(blob: Blob): Promise<Bitmap> {
  const { createImageBitmap } = platform;
  if (!createImageBitmap)
    return fail("data/browser", "createImageBitmap is not there.", "Use @ddpm/data/node.");
  return createImageBitmap.call(globalThis, blob, {
    imageOrientation: "from-image",
    premultiplyAlpha: "none",
    colorSpaceConversion: "default",
  });
}

/** A canvas to draw on and to read from. */
export function canvas2d(width: number, height: number): Canvas2d {
  const { OffscreenCanvas } = platform;
  if (!OffscreenCanvas) return fail("data/browser", "OffscreenCanvas is not there.", "Use a newer browser.");
  const context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
  return context ?? fail("data/browser", `no canvas of ${width}×${height}.`);
}

/** The origin's private file system. */
export async function privateFolder(): Promise<PrivateFolder> {
  const open = platform.navigator?.storage?.getDirectory;
  if (!open) return fail("data/browser", "there is no private file system here.", "Leave cache off.");
  return open.call(platform.navigator!.storage);
}

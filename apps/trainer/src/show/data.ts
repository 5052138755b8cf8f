import { grid } from "@ddpm/viz/images";
import { enlargement } from "../drawing/pictures.ts";
import { asUsage } from "../output/usage.ts";
import { type DataFlags, firstImages, showPicture } from "./picture.ts";

/** Draws the first images of a data set as training sees them. */
export async function drawBatch(source: string, flags: DataFlags): Promise<void> {
  const images = await asUsage(() => firstImages(source, flags));
  await showPicture(flags, grid(images, { scale: enlargement(images.shape) }));
}

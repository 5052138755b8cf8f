import { call } from "../../../engine/client.ts";
import type { Pictures } from "../../../engine/images.ts";
import type { EncodeInput } from "../../../engine/jobs/sample/encode-pictures.ts";
import type { Mask } from "../../../model/pictures/mask.ts";
import { saveBlob } from "../../../state/save-blob.ts";
import type { Pixels } from "../../../ui/pictures/picture-canvas.tsx";

/** Makes a picture file, and hands it to the visitor. */
export async function saveFilm(input: EncodeInput, name: string): Promise<void> {
  const { blob } = await call("encodePictures", input);
  saveBlob(blob, `${name}.${input.format}`);
}

/** A picture as it is, without frame or enlargement: for the command. */
export function savePicture({ data, width, height, channels }: Pixels, name: string): Promise<void> {
  const frame: Pictures = { data: Uint8ClampedArray.from(data), count: 1, width, height, channels };
  return saveFilm({ frames: [frame], format: "png", scale: 1, padding: 0, note: name }, name);
}

/** A mask as the command takes it: white where to paint. */
export function saveMask({ width, height, paint }: Mask): Promise<void> {
  const data = Uint8ClampedArray.from(paint, (one) => 255 * one);
  return savePicture({ data, width, height, channels: 1 }, "mask");
}

/** The pictures of a batch as frames, there and back: without the ends twice. */
export function thereAndBack({ data, count, width, height, channels }: Pictures): readonly Pictures[] {
  const size = width * height * channels;
  const one = (k: number): Pictures => ({
    data: data.slice(k * size, (k + 1) * size),
    ...{ count: 1, width, height, channels },
  });
  const there = Array.from({ length: count }, (_, k) => one(k));
  return [...there, ...there.slice(1, -1).reverse()];
}

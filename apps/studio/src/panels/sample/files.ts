import { call } from "../../engine/client.ts";
import type { Pictures } from "../../engine/images.ts";
import type { FilmInput } from "../../engine/jobs/film.ts";
import type { Mask } from "../../model/mask.ts";
import type { Pixels } from "../../ui/picture-canvas.tsx";
import { saveBlob } from "../../ui/save-blob.ts";

/** Makes a picture file, and hands it to the visitor. */
export async function saveFilm(input: FilmInput, name: string): Promise<void> {
  const { blob } = await call("film", input);
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

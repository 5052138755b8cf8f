import { isDdpmError } from "@ddpm/core";
import { formats, openDataset } from "@ddpm/data/node";
import { checkChannels, type ImageBatch } from "@ddpm/viz/authoring";

/** Side of an image on the sheet, where it has to be resized at all. */
const SIDE = 64;

/**
 * Images spread evenly over a set, those that do not decode left out.
 *
 * @returns undefined where none decodes
 * @throws DdpmError for channels that no picture has
 */
export async function contactSheet(
  path: string,
  options: Readonly<Record<string, unknown>> & { readonly format: string },
  count: number,
): Promise<ImageBatch | undefined> {
  const resizes = "fit" in formats.get(options.format).schema.shape;
  const set = await openDataset(path, resizes && !("size" in options) ? { ...options, size: SIDE } : options);
  const shown = Math.min(count, set.length);
  const images = await Promise.all(
    Array.from({ length: shown }, async (_, i) => {
      try {
        return [(await set.image(Math.floor((i * set.length) / shown))).pixels];
      } catch (error) {
        if (isDdpmError(error)) return [];
        throw error;
      }
    }),
  ).finally(() => set.close?.());
  const good = images.flat();
  const [height, width, channels] = set.shape;
  if (good.length === 0) return undefined;
  checkChannels("cli/contact-sheet", channels);
  const data = new Uint8Array(good.length * height * width * channels);
  good.forEach((pixels, i) => {
    data.set(pixels, i * pixels.length);
  });
  return { data, shape: [good.length, height, width, channels] };
}

import type { Dataset, DatasetImage } from "@ddpm/core";
import { lru } from "../bytes/lru.ts";

/**
 * The same set, keeping decoded images in memory, the most recently used first. All readers share the bytes: do not
 * change them.
 *
 * @param bytes most bytes of pixels to keep, 0 and up
 */
export function cached(dataset: Dataset, bytes: number): Dataset {
  const [height, width, channels] = dataset.shape;
  const kept = lru<number, DatasetImage | Promise<DatasetImage>>(
    Math.floor(bytes / (height * width * channels)),
  );
  return {
    ...dataset,
    image(index) {
      const known = kept.get(index);
      if (known) return known;
      const image = dataset.image(index);
      kept.set(index, image);
      if (image instanceof Promise) image.catch(() => kept.delete(index));
      return image;
    },
  };
}

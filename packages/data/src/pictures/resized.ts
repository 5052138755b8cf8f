import { type Dataset, type DatasetImage, fail } from "@ddpm/core";
import { fingerprint } from "@ddpm/core/authoring";
import { resampled } from "./resample.ts";

/**
 * The same set at another size, stretched to fit. Triangle filter, widened when shrinking so that nothing aliases,
 * first along rows, then along columns, each rounded to bytes: bit for bit Pillow's `BILINEAR`, and so
 * torchvision's `Resize` of PIL images.
 *
 * @param height of the result, in pixels, from 1
 * @param width  of the result, in pixels, from 1
 * @throws DdpmError for a size that is not a whole number from 1; from `image` for a set of values finer than bytes
 */
export function resized(dataset: Dataset, height: number, width: number): Dataset {
  for (const size of [height, width]) {
    if (!(Number.isSafeInteger(size) && size > 0)) {
      fail("data/resized", `size ${size}, expected a whole number of pixels from 1.`);
    }
  }
  const [fromHeight, fromWidth, channels] = dataset.shape;
  if (fromHeight === height && fromWidth === width) return dataset;
  const resize = ({ pixels, values, ...rest }: DatasetImage): DatasetImage => {
    if (values) fail("data/resized", `${dataset.name} holds numbers that are no pixels, expected pictures.`);
    const resampling = {
      from: [fromHeight, fromWidth],
      to: [height, width],
      channels,
      kernel: "linear",
    } as const;
    return { pixels: resampled(pixels, resampling), ...rest };
  };
  return {
    ...dataset,
    shape: [height, width, channels],
    fingerprint: fingerprint("resized", dataset.fingerprint, height, width),
    image(index) {
      const image = dataset.image(index);
      return image instanceof Promise ? image.then(resize) : resize(image);
    },
  };
}

import { type Dataset, fail, type Images } from "@ddpm/core";
import { sizeOf, valueOfPixel } from "@ddpm/core/authoring";

/**
 * Images of a data set as a network sees them: no flips, no shuffling.
 *
 * @param indices numbers in the data set, in the order wanted
 * @returns [B, H, W, C] in [−1, 1], and labels and captions where all have one
 */
export async function imagesOf(dataset: Dataset, indices: ArrayLike<number>): Promise<Images> {
  const size = sizeOf(dataset.shape);
  const data = new Float32Array(indices.length * size);
  const labels = new Int32Array(indices.length);
  const captions: string[] = [];
  let labelled = true;
  for (let i = 0; i < indices.length; i++) {
    const index = indices[i]!;
    if (!(Number.isInteger(index) && index >= 0 && index < dataset.length)) {
      fail("metrics/images", `image ${index} asked for, ${dataset.name} has 0 to ${dataset.length - 1}.`);
    }
    const { pixels, values, label, caption } = await dataset.image(index);
    if (values) data.set(values, i * size);
    else for (let k = 0; k < size; k++) data[i * size + k] = valueOfPixel(pixels[k]!);
    if (label === undefined) labelled = false;
    else labels[i] = label;
    if (caption !== undefined) captions.push(caption);
  }
  const captioned = captions.length > 0 && captions.length === indices.length;
  return {
    ...{ data, shape: [indices.length, ...dataset.shape] },
    ...(labelled ? { labels } : {}),
    ...(captioned ? { captions } : {}),
  };
}

/**
 * A data set in batches, for {@link imagesOf}'s use without holding all of it.
 *
 * @param indices which images; all of them
 * @param batch   images at a time; 64
 */
export async function* batchesOf(
  dataset: Dataset,
  { indices, batch = 64 }: { readonly indices?: ArrayLike<number>; readonly batch?: number } = {},
): AsyncGenerator<Images> {
  const all = indices ?? { length: dataset.length };
  for (let from = 0; from < all.length; from += batch) {
    const count = Math.min(batch, all.length - from);
    yield await imagesOf(
      dataset,
      Array.from({ length: count }, (_, i) => (indices ? indices[from + i]! : from + i)),
    );
  }
}

import type { Images } from "@ddpm/core";
import { valueOfPixel } from "@ddpm/core/authoring";
import { type Extractor, extractFeatures, type Features } from "@ddpm/metrics";
import { imagesOfSubset, type MetricInput, type MetricInputs } from "@ddpm/metrics/authoring";
import { featuresOf, type Reference } from "./reference.ts";
import type { SampleSet } from "./samples/samples.ts";

/** Real images for metrics on pixels, at most: more would narrow nothing that can be seen. */
const PIXELS = 4000;
/** Images per call of the extractor. */
const BATCH = 256;

/** What the metrics use of the real images: the same for all samples that are compared with them. */
export interface RealInputs {
  /** Where metrics need them. */
  readonly features: Features | undefined;
  /** Some of them, [n, H, W, C] in [-1, 1], where metrics need pixels. */
  readonly pixels: Images | undefined;
}

/**
 * Prepares the real images.
 *
 * @param cache folder of cached features
 */
export async function realInputs(
  { real }: Pick<Reference, "real">,
  extractor: Extractor,
  needs: ReadonlySet<MetricInput>,
  cache: string,
  onProgress: (share: number) => void,
): Promise<RealInputs> {
  return {
    features: needs.has("features") ? await featuresOf(real, extractor, cache, onProgress) : undefined,
    pixels: needs.has("pixels") ? await imagesOfSubset(real, PIXELS) : undefined,
  };
}

/** Samples with their features. */
export interface GeneratedInputs {
  /** [count, H, W, C] in [-1, 1]. */
  readonly images: Images;
  readonly features: Features;
  readonly logits?: Features;
}

/** Extracts the features of samples. */
export async function generatedInputs(
  { bytes, shape }: SampleSet,
  extractor: Extractor,
): Promise<GeneratedInputs> {
  const images = { data: Float32Array.from(bytes, valueOfPixel), shape };
  return { images, ...(await extractFeatures(extractor, batchesOf(images))) };
}

/** Features of images in memory. */
export async function featuresOfImages(images: Images, extractor: Extractor): Promise<Features> {
  return (await extractFeatures(extractor, batchesOf(images))).features;
}

/** What metrics get of real and generated images. */
export function pairedInputs(
  real: RealInputs,
  { images, features, logits }: GeneratedInputs,
): Partial<MetricInputs> {
  return {
    ...(real.features ? { features: { real: real.features, generated: features } } : {}),
    ...(logits ? { logits } : {}),
    ...(real.pixels ? { pixels: { real: real.pixels, generated: images } } : {}),
  };
}

function batchesOf({ data, shape }: Images): Images[] {
  const [count, height, width, channels] = shape;
  const size = height * width * channels;
  return Array.from({ length: Math.ceil(count / BATCH) }, (_, i): Images => {
    const taken = Math.min(BATCH, count - i * BATCH);
    const from = i * BATCH * size;
    return {
      data: data.subarray(from, from + taken * size),
      shape: [taken, height, width, channels],
    };
  });
}

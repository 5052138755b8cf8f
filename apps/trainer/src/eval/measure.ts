import type { Images } from "@ddpm/core";
import {
  type Estimate,
  type ExtractedFeatures,
  type Extractor,
  extractFeatures,
  type Features,
  featureStatistics,
  features,
  frechetDistance,
  frechetInfinity,
  inceptionScore,
  pixelDistances,
  pixelStatistics,
  precisionRecall,
  rowsOf,
  slicedWasserstein,
} from "@ddpm/metrics";
import { ownSimilarity, pairedKid } from "./kid.ts";
import { someOf } from "./reference.ts";
import type { Sampled } from "./sampled.ts";

/** Real images that pixel measures and KID take, at most: more would narrow nothing that can be seen. */
export const PIXELS = 4000;

/** What samples are measured against. */
export interface Real {
  readonly features: Features;
  /** Some of them, [n, H, W, C] in [-1, 1]. */
  readonly images: Images;
}

/** What a sampled set is. */
export interface Measures {
  readonly generated: Features;
  readonly images: Images;
  readonly estimates: readonly Estimate[];
  /** What could not be measured, and why. */
  readonly notes: readonly string[];
}

/** Pictures of bytes as [-1, 1]. */
export function imagesOfBytes({ bytes, shape }: Pick<Sampled, "bytes" | "shape">): Images {
  return { data: Float32Array.from(bytes, (byte) => byte / 127.5 - 1), shape };
}

/** Features of samples. */
export async function generatedFeatures(extractor: Extractor, images: Images): Promise<Features> {
  return (await seenBy(extractor, images)).features;
}

/** Features of samples, and logits of an extractor that knows classes, batch by batch. */
function seenBy(extractor: Extractor, images: Images): Promise<ExtractedFeatures> {
  const [count, ...one] = images.shape;
  const size = one.reduce((product, side) => product * side, 1);
  const batch = 256;
  const batches = Array.from({ length: Math.ceil(count / batch) }, (_, i): Images => {
    const taken = Math.min(batch, count - i * batch);
    const from = i * batch * size;
    return { data: images.data.subarray(from, from + taken * size), shape: [taken, ...one] };
  });
  return extractFeatures(extractor, batches);
}

/** All distances between samples and real images, with their errors. */
export async function measure(sampled: Sampled, real: Real, extractor: Extractor): Promise<Measures> {
  const images = imagesOfBytes(sampled);
  const { features: generated, logits } = await seenBy(extractor, images);
  const notes: string[] = [];
  const statistics = featureStatistics(real.features);
  const least = 4 * (generated.dimension + 1);
  const frechet = (): Estimate[] => {
    if (generated.count >= least) {
      const { infinite, atCount } = frechetInfinity(statistics, generated);
      return [infinite, atCount];
    }
    notes.push(
      `The Fréchet distance of ${generated.count} samples has no error bar: that takes ${least} samples with ${generated.dimension} features.`,
    );
    return [frechetDistance(statistics, featureStatistics(generated))];
  };
  const some = rowsOf(real.features, someOf(real.features.count, PIXELS));
  const equal = rowsOf(real.features, someOf(real.features.count, generated.count));
  const near = precisionRecall(equal, generated);
  const fewer = Math.min(real.images.shape[0], generated.count);
  const pixels = pixelDistances(pixelStatistics(real.images), images, groupsFor(generated.count, 20));
  return {
    generated,
    images,
    notes,
    estimates: [
      ...frechet(),
      pairedKid(some, generated, ownSimilarity(some)).estimate,
      near.precision,
      near.recall,
      near.density,
      near.coverage,
      ...(logits ? [scoreOf(logits)] : []),
      slicedWasserstein(inPixels(real.images), inPixels(images), groupsFor(fewer, 12)).infinite,
      pixels.mean,
      pixels.deviation,
      pixels.histogram,
      pixels.spectrum,
    ],
  };
}

/** The Inception Score of an extractor that knows classes: over parts of at least fifty images where there are as many. */
function scoreOf(logits: Features): Estimate {
  const { deviation: _, ...score } = inceptionScore(logits, {
    splits: Math.max(2, Math.min(10, Math.floor(logits.count / 50))),
  });
  return score;
}

function groupsFor(count: number, most: number): { readonly groups: number } {
  return { groups: Math.max(5, Math.min(most, Math.floor(count / 2))) };
}

function inPixels({ data, shape }: Images): Features {
  const size = shape[1] * shape[2] * shape[3];
  return features(data, size, `pixels ${shape.slice(1).join("×")}`);
}

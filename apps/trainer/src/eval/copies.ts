import { type Dataset, fail, type Images } from "@ddpm/core";
import { type Features, memorisation } from "@ddpm/metrics";
import {
  coarsePixels,
  coarsePixelsOf,
  imagesOf,
  type Memorisation,
  type NearestPair,
  nearestPairs,
} from "@ddpm/metrics/authoring";
import { grid, type Pixels, toPixels } from "@ddpm/viz/images";
import { enlargement } from "../drawing/pictures.ts";

/** Pairs in the picture. */
const PAIRS = 24;
/** Pairs in a row of it. */
const COLUMNS = 4;
/** Pairs in eval.json. */
const LISTED = 64;
/** Fewest samples and held-out images of the tests. */
const LEAST = 8;

/** The search for training images among samples, in one kind of features. */
interface Search {
  /** Most suspicious first. */
  readonly pairs: readonly NearestPair[];
  /** Tests against held-out images, where there are enough. */
  readonly tested: Memorisation | undefined;
}

/** The search for training images among samples, by features and by pixels. */
export interface Copies {
  readonly features: Search;
  readonly pixels: Search;
}

/** A set of images with their features. */
interface FeatureSet {
  readonly images: Images;
  readonly features: Features;
}

/**
 * Searches for training images among samples.
 *
 * @param heldOut images that the network has not seen; without them there are pairs but no tests
 */
export async function searchCopies(
  generated: FeatureSet,
  training: { readonly set: Dataset; readonly features: Features },
  heldOut: FeatureSet | undefined,
): Promise<Copies> {
  const coarse = await coarsePixelsOf(training.set);
  return {
    features: search(generated.features, training.features, heldOut?.features),
    pixels: search(coarsePixels(generated.images), coarse, heldOut && coarsePixels(heldOut.images)),
  };
}

function search(generated: Features, training: Features, heldOut: Features | undefined): Search {
  if (!heldOut || Math.min(heldOut.count, generated.count) < LEAST)
    return { pairs: nearestPairs(generated, training), tested: undefined };
  const tested = memorisation({ generated, training, heldOut });
  return { pairs: tested.pairs, tested };
}

/** The search as eval.json has it. */
export function copiesAsJson(copies: Copies | undefined): object {
  const tested = copies?.features.tested;
  return {
    memorised: tested ? tested.memorised || Boolean(copies?.pixels.tested?.memorised) : null,
    features: copies ? searchAsJson(copies.features) : null,
    pixels: copies ? searchAsJson(copies.pixels) : null,
  };
}

function searchAsJson({ pairs, tested }: Search): object {
  return {
    memorised: tested?.memorised ?? null,
    test: tested?.test ?? null,
    ratioTest: tested?.ratioTest ?? null,
    pairs: pairs.slice(0, LISTED),
  };
}

/** The result in a sentence. */
export function copiesInWords({ features, pixels }: Copies, heldOut: number | undefined): string {
  if (!features.tested || !pixels.tested) {
    const reason =
      heldOut === undefined
        ? "no images are held out (--held-out, or heldOut.amount of a run)"
        : "too few images";
    const ratio = pixels.pairs[0]!.ratio.toPrecision(2);
    return `Copies of training images cannot be tested for: ${reason}. The nearest pair has ratio ${ratio}; below 0.33 looks like a copy.`;
  }
  const tests = `in features ${pValues(features.tested)}, in pixels ${pValues(pixels.tested)} (distance to the nearest, and its ratio to the next)`;
  return features.tested.memorised || pixels.tested.memorised
    ? `Training images are memorised: samples are nearer to one of them than held-out images are: ${tests}.`
    : `No sign of copied training images compared with held-out ones: ${tests}.`;
}

function pValues({ test, ratioTest }: Memorisation): string {
  return `p = ${test.p.toPrecision(2)} and ${ratioTest.p.toPrecision(2)}`;
}

/** The first pairs, each sample to the left of its training image. */
export async function pairsPicture(
  pairs: readonly NearestPair[],
  images: Images,
  training: Dataset,
): Promise<Pixels> {
  const first = pairs.slice(0, PAIRS);
  if (first.length === 0) fail("cli/copies", "no samples to show next to training images.");
  const samples = toPixels(images);
  const originals = toPixels(
    await imagesOf(
      training,
      first.map((pair) => pair.training),
    ),
  );
  const both = first.flatMap((pair, i) => [samples[pair.generated]!, originals[i]!]);
  return grid(both, { columns: 2 * COLUMNS, scale: enlargement(images.shape) });
}

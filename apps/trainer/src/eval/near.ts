import type { Images } from "@ddpm/core";
import { type Dataset, fail } from "@ddpm/core";
import {
  type Estimate,
  type Features,
  imagesOf,
  type MannWhitney,
  memorisation,
  nearestNeighbours,
} from "@ddpm/metrics";
import { grid, type Pixels, toPixels } from "@ddpm/viz/images";
import { enlargement } from "../run/pictures.ts";

/** Pairs in the picture. */
const PAIRS = 24;
/** Pairs in a row. */
const COLUMNS = 4;

/** A sample and the training image nearest to it. */
export interface NearPair {
  readonly generated: number;
  readonly training: number;
  /** Distance to it over that to the next nearest: far below 1 for a copy. */
  readonly ratio: number;
}

/** What comes back of the training images. */
export interface Memory {
  /** Most suspicious first. */
  readonly pairs: readonly NearPair[];
  /** Against held-out images, where the run has some. */
  readonly test?: MannWhitney;
  /** The same for the ratios. */
  readonly ratioTest?: MannWhitney;
  readonly memorised?: boolean;
  readonly estimates: readonly Estimate[];
}

/**
 * Looks for training images among the samples: with the test against held-out images where there are any, otherwise the
 * nearest pairs alone, which prove nothing but can be looked at.
 */
export function memoryOf(generated: Features, training: Features, heldOut: Features | undefined): Memory {
  if (heldOut && heldOut.count >= 8 && generated.count >= 8) {
    const found = memorisation({ generated, training, heldOut });
    const { pairs, test, ratioTest, memorised, copies, heldOutCopies } = found;
    return { pairs, test, ratioTest, memorised, estimates: [copies, heldOutCopies] };
  }
  const { squares, indices } = nearestNeighbours(generated, training, 2);
  const pairs = Array.from({ length: generated.count }, (_, k): NearPair => {
    const [first, second] = [squares[2 * k]!, squares[2 * k + 1]!];
    return { generated: k, training: indices[2 * k]!, ratio: first === 0 ? 0 : Math.sqrt(first / second) };
  });
  return { pairs: pairs.sort((a, b) => a.ratio - b.ratio || a.generated - b.generated), estimates: [] };
}

/** At most {@link PAIRS} pairs, sample at the left, the training image at its right. */
export async function pairsPicture(
  pairs: readonly NearPair[],
  images: Images,
  training: Dataset,
): Promise<Pixels> {
  const shown = pairs.slice(0, PAIRS);
  if (shown.length === 0) fail("eval", "no samples to show beside training images.");
  const samples = toPixels(images);
  const originals = toPixels(
    await imagesOf(
      training,
      shown.map((pair) => pair.training),
    ),
  );
  const both = shown.flatMap((pair, i) => [samples[pair.generated]!, originals[i]!]);
  return grid(both, { columns: 2 * COLUMNS, scale: enlargement(images.shape) });
}

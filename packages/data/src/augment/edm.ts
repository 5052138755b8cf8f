import { fail, type Random } from "@ddpm/core";
import { type Affine, IDENTITY, product, rotation, scaling, translation } from "./matrix.ts";

/** Numbers that tell a network how an image was changed: see {@link drawAugmentation}. */
export const AUGMENT_LABELS = 9;

/** What happens to one image. */
export interface Augmentation {
  /** Mirrored left to right, upside down. */
  readonly flipX: boolean;
  readonly flipY: boolean;
  /** From a place in the result to the place in the image that is seen there; the origin is the middle, y down. */
  readonly inverse: Affine;
  /** [9]: x flip, y flip, log2 scale / 0.2, cos − 1 and sin of the turn, two of the stretch, two of the shift. */
  readonly labels: Float32Array;
}

/** Standard deviation of log2 of the scale, and of the stretch. */
const SCALE = 0.2;
/** Standard deviation of a shift, as a part of the side. */
const SHIFT = 0.125;
/** Probability that a stretch is along turned axes. */
const TURNED = 0.5;

/**
 * Draws the geometric augmentations of EDM for one image: each with probability p, but the mirror from left to right,
 * which half of the images get always.
 *
 * | what | how much | labels |
 * |---|---|---|
 * | mirror, x | 1/2 of all | 0 or 1 |
 * | mirror, y | 1/2 of the p | 0 or 1 |
 * | scale | 2^(0.2 w), w normal | w |
 * | turn | w uniform in [−π, π) | cos w − 1, sin w |
 * | stretch | by 2^(0.2 w) one way and its inverse the other, axes turned by r for 1/2 of them | w cos r, w sin r |
 * | shift | 0.125 w of the side, w normal | w of x, w of y |
 *
 * Source: Karras et al. 2022, appendix F.2, table 6.
 *
 * @param p probability of each, 0 … 1; EDM uses 0.12 for CIFAR-10 and 0.15 for FFHQ and AFHQv2
 * @throws DdpmError for p out of range
 */
export function drawAugmentation(
  random: Random,
  p: number,
  [height, width]: readonly [number, number],
): Augmentation {
  if (!(p >= 0 && p <= 1)) fail("data/augment", `probability ${p}, expected 0 to 1.`);
  const { uniform, normal, integer } = random;
  /** Every number is drawn whatever its fate, so that p moves no draw of another. */
  const kept = (value: number, probability: number = p): number => (uniform() < probability ? value : 0);
  const angle = (): number => (2 * uniform() - 1) * Math.PI;

  const flipX = integer(2);
  const flipY = kept(integer(2));
  const scale = kept(normal());
  const turn = kept(angle());
  const stretch = kept(normal());
  const axis = kept(angle(), TURNED);
  const shift = [normal(), normal()] as const;
  const [shiftX, shiftY] = uniform() < p ? shift : [0, 0];

  const size = 2 ** (SCALE * scale);
  const along = 2 ** (SCALE * stretch);
  const still = scale === 0 && turn === 0 && stretch === 0 && shiftX === 0 && shiftY === 0;
  const inverse = still
    ? IDENTITY
    : product(
        scaling(1 / size, 1 / size),
        rotation(turn),
        rotation(-axis),
        scaling(1 / along, along),
        rotation(axis),
        translation(-shiftX * width * SHIFT, -shiftY * height * SHIFT),
      );
  return {
    flipX: flipX === 1,
    flipY: flipY === 1,
    inverse,
    labels: Float32Array.of(
      flipX,
      flipY,
      scale,
      Math.cos(turn) - 1,
      Math.sin(turn),
      stretch * Math.cos(axis),
      stretch * Math.sin(axis),
      shiftX,
      shiftY,
    ),
  };
}

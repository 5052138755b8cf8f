import type { Images } from "@ddpm/core";
import type { MeasuredEstimate } from "@ddpm/metrics/authoring";

/** The measured samples of one setting. */
export interface Result {
  /** Name of the setting. */
  readonly name: string;
  /** The name without the training's seed, where every setting is trained with several. */
  readonly repeated?: string;
  /** Settings are compared within a group. */
  readonly group: string;
  /** Network calls per image. */
  readonly calls: number;
  readonly steps: number;
  /** One per metric; the first decides the comparison. */
  readonly estimates: readonly MeasuredEstimate[];
  /** Contribution of each image to the first metric, [count]. */
  readonly contributions: Float64Array;
  /** The first few samples, [n, H, W, C] in [-1, 1]. */
  readonly pictures: Images;
}

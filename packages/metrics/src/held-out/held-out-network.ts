/** One held-out image at one noise level. */
export interface HeldOutDraw {
  /** Number of the image. */
  readonly image: number;
  /** In (0, 1]; the time of a whole step where the schedule has steps. */
  readonly time: number;
}

/** Errors of a network on draws, one number each. */
export interface HeldOutErrors {
  /** Mean squared error of the noise prediction, whatever the network predicts. */
  readonly eps: Float64Array;
  /** Term of the variational bound in bits per dimension; NaN where the schedule has no steps. */
  readonly bits: Float64Array;
}

/** The training objective on fixed pairs of held-out image and noise. */
export interface HeldOutObjective {
  /** Mean over ranges of noise levels. */
  readonly loss: number;
  /** NaN where a range has one pair. */
  readonly standardError: number;
  /** Ranges of noise levels, each with the same number of pairs. */
  readonly buckets: readonly unknown[];
  /** Number of pairs. */
  readonly count: number;
}

/** A trained network on images that it has not seen. */
export interface HeldOutNetwork {
  /** Number of images, N. */
  readonly count: number;
  /** Steps of the schedule; undefined: continuous. */
  readonly steps: number | undefined;
  /** Range of the images: [−1, 1] or [0, 1]. */
  readonly range: "symmetric" | "unit";
  /** Seed of times and noise: the same for networks that are compared. */
  readonly seed: number;
  /** Fingerprints of images, seed and settings that make numbers comparable. */
  readonly fingerprints: { readonly eps: string; readonly bits: string; readonly objective: string };
  errors(draws: readonly HeldOutDraw[]): Promise<HeldOutErrors>;
  /** L_T of each image in bits per dimension, [N]. */
  prior(): Promise<Float64Array>;
  objective(): Promise<HeldOutObjective>;
}

import type {
  CompileStep,
  Denoiser,
  LossWeight,
  NoiseSchedule,
  Parameterization,
  TimeSampler,
} from "@ddpm/core";
import type { SampleStream, TrainingObjective } from "@ddpm/core/authoring";
import type { ElementLoss, ImageCondition } from "@ddpm/diffusion/authoring";
import type { Clip } from "../clips/clip.ts";
import type { EmaDecay } from "../emas/ema.ts";
import type { LearningRate } from "../learning-rates/learning-rate.ts";
import type { Optimizer } from "../optimizers/optimizer.ts";
import type { TrainProgress } from "./events.ts";
import type { TrainState } from "./state.ts";

/** What a denoiser learns, and how. */
export interface DenoisingOptions {
  readonly denoiser: Denoiser;
  /** What the network's output means. */
  readonly parameterization: Parameterization;
  readonly schedule: NoiseSchedule;
  /** At which noise levels to train. */
  readonly times: TimeSampler;
  /** The loss of an element: mse, l1, huber … */
  readonly loss: ElementLoss;
  /** The weight of a noise level. */
  readonly weight: LossWeight;
  /**
   * Probability in [0, 1] that an image goes without its label and its caption, which classifier-free guidance needs; 0 when left
   * out.
   */
  readonly labelDropout?: number;
  /** Makes the condition image of each clean image, with its own random stream, for a network that takes one. */
  readonly condition?: ImageCondition;
  /** Mid-grey in the range of the images, which a condition hides parts behind: 0 for [−1, 1] (default), 0.5 for [0, 1]. */
  readonly grey?: number;
  /**
   * Probability in [0, 1] that a network that conditions on itself is shown its own guess, image by image; 0.5 when
   * left out (Chen et al. 2022).
   */
  readonly selfCondition?: number;
}

/** How a training goes, whatever it minimises. */
export interface LoopOptions {
  readonly images: SampleStream;
  /** Images per update. */
  readonly batch: number;
  /**
   * Microbatches that a batch is cut into, to save memory; 1 when left out. The result is the same up to rounding,
   * for networks in which samples of a batch do not see each other.
   */
  readonly accumulate?: number;
  readonly optimizer: Optimizer;
  readonly learningRate: LearningRate;
  /** Keep averaged weights. */
  readonly ema?: EmaDecay;
  /** Bounds the gradients; a number is the largest global norm. Absent: no clipping. */
  readonly clip?: Clip | number;
  /** Whole number ≥ 0: everything random follows from it and the number of the image. */
  readonly seed: number;
  /** Stop at the first whole update that has seen this many images. */
  readonly until: number;
  /** Resume from here; its tensors are taken over and freed as they are replaced. */
  readonly state?: TrainState;
  /** Names of due events and their distance in images, e.g. `{ checkpoint: 10_000, samples: 5_000 }`. */
  readonly every?: Readonly<Record<string, number>>;
  /** Images between step events. */
  readonly logEvery: number;
  /** Called after the first update, and from then on after the first one that ends `progressSeconds` or more after the last call. */
  readonly onProgress?: (progress: TrainProgress) => void;
  /** Seconds between two calls of `onProgress`; 10 when left out. */
  readonly progressSeconds?: number;
  /** How the backend runs a step; op by op when left out. */
  readonly compile?: CompileStep;
  /**
   * Recompute the blocks of networks that allow it in the backward pass (gradient checkpointing): less memory, about a third more
   * time, the same result.
   */
  readonly recompute?: boolean;
  /** An AbortSignal fits: the running update is finished, `checkpoint` is due, and training returns. */
  readonly signal?: { readonly aborted: boolean };
}

/** All of {@link trainingLoop}'s choices for a denoiser. */
export interface TrainingLoopOptions extends DenoisingOptions, LoopOptions {}

/** All of {@link trainingLoop}'s choices for another objective. */
export interface ObjectiveLoopOptions extends LoopOptions {
  readonly objective: TrainingObjective;
}

/** The choices for a denoiser, or for another objective. */
export type AnyLoopOptions = TrainingLoopOptions | ObjectiveLoopOptions;

/** Whether a training minimises an objective of its own. */
export function hasObjective(options: AnyLoopOptions): options is ObjectiveLoopOptions {
  return "objective" in options;
}

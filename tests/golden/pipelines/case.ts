import type { Declared } from "../declared.ts";

/** A run of a pipeline as its file declares it. */
export interface PipelineCase {
  readonly name: string;
  readonly pipeline: string;
  readonly scheduler: string;
  readonly config: Declared;
  readonly unet: string;
  readonly num_inference_steps: number;
  readonly guidance_scale: number;
  readonly guidance_rescale?: number;
  readonly strength?: number;
  readonly eta?: number;
  readonly clip_skip?: number;
  readonly negative_is_zeros?: boolean;
  readonly timesteps: readonly number[];
  readonly sigmas?: readonly number[];
  readonly init_noise_sigma: number;
  readonly noise_draws: number;
  readonly network_calls: number;
  readonly extra: Readonly<Record<string, unknown>>;
  readonly max_abs_dev_float64: Readonly<Record<string, number>>;
  readonly max_abs_dev_float64_per_state?: readonly number[];
  readonly max_abs: Readonly<Record<string, number>>;
}

/** A training loss of text-to-image. */
export interface TrainingCase {
  readonly name: string;
  readonly prediction: string;
  readonly t: readonly number[];
  readonly snr_gamma?: number;
  readonly noise_offset: number;
  readonly input_perturbation: number;
  readonly text_dropped: readonly number[];
  readonly loss: number;
  readonly loss_per_item: readonly number[];
  readonly loss_weights: readonly number[];
  readonly max_abs_dev_float64: Readonly<Record<string, number>>;
  readonly max_abs: Readonly<Record<string, number>>;
}

/** What may differ: four times what float32 differs from float64 in the reference, and a few units of float32. */
export function allowedBy(deviation: number | undefined, largest: number | undefined): number {
  return 4 * (deviation ?? 0) + 1e-6 * Math.max(1, largest ?? 1);
}

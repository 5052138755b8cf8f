import type { Denoiser, NoiseSchedule, Parameterization, Params, Sampler, Spacing, Spec } from "@ddpm/core";
import type { ImageShape } from "@ddpm/core/authoring";
import { parameterizations } from "@ddpm/diffusion";
import { schedules } from "@ddpm/schedules";
import type { TrainState } from "@ddpm/trainer";
import { denoisers } from "@ddpm/unet";
import { fromSpec } from "./from-spec.ts";

/** What a diffusion model is: a network, a noise schedule, and the meaning of the network's output. */
export interface Model {
  readonly denoiser: Denoiser;
  readonly schedule: NoiseSchedule;
  readonly parameterization: Parameterization;
}

/** How to go from noise to images. */
export interface SampleSettings {
  /** Steps from noise to images; 50. */
  readonly steps?: number;
  /** Default: ddim. */
  readonly sampler?: Sampler | Spec;
  /** Where the steps are; default: trailing. */
  readonly spacing?: Spacing | Spec;
  /** Keep the prediction of the clean images in their range at every step, or a wrapper that does so; true. */
  readonly clip?: boolean | Spec;
}

/** A model with weights. */
export interface TrainedModel extends Model {
  /** The weights to sample with: averaged ones, where training averages. */
  readonly params: Params;
  /** Of one image, [H, W, C]. */
  readonly shape: ImageShape;
  /** Class names, by label, where the images have classes. */
  readonly classes?: readonly string[];
  /** Range of the numbers that it was trained on; `symmetric`, [−1, 1], when left out. */
  readonly range?: "symmetric" | "unit";
  /** How `sample` draws where a call does not say otherwise: the settings of the model's run. */
  readonly sampling?: SampleSettings;
  /** To train further: `train(trained, images, { state: trained.state, until })`; it shares tensors with `params`. */
  readonly state?: TrainState;
}

/** Options of {@link model}: values, or names of plugins with their options, as in a configuration. */
export interface ModelOptions {
  /** Default: Ho's U-Net of 1.0 million parameters, for images of three channels. */
  readonly denoiser?: Denoiser | Spec;
  /** Default: cosine. */
  readonly schedule?: NoiseSchedule | Spec;
  /** Default: v. */
  readonly parameterization?: Parameterization | Spec;
}

const SMALL: Spec = { name: "ho", width: 32, multipliers: [1, 2, 2], blocks: 1, attention: [2], dropout: 0 };

/**
 * A diffusion model, not trained yet.
 *
 * @throws DdpmError for an unknown plugin or option, or a value out of range
 */
export function model(options: ModelOptions = {}): Model {
  const { denoiser = SMALL, schedule = "cosine", parameterization = "v" } = options;
  return {
    denoiser: fromSpec(denoiser, denoisers, "apply"),
    schedule: fromSpec(schedule, schedules, "at"),
    parameterization: fromSpec(parameterization, parameterizations, "at"),
  };
}

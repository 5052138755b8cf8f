import * as tf from "@tensorflow/tfjs";
import { latentSpace } from "../../../packages/autoencoder/src/index.ts";
import type { NoiseLevel } from "../../../packages/core/src/index.ts";
import { diffusersOptions } from "../references/diffusers.ts";
import { scheduleOf } from "../references/schedules.ts";
import { unsupported } from "../result.ts";
import type { PipelineCase } from "./case.ts";
import { type Inputs, thinned } from "./inputs.ts";
import type { Parts } from "./parts.ts";

/** Where a case begins, what its network sees next to x, and what is kept of the image. */
export interface Start {
  /** [B, h, w, C] in the scale of the scheduler's states. */
  readonly x: tf.Tensor4D;
  /** Noises that were drawn for it. */
  readonly draws: number;
  readonly image?: tf.Tensor4D;
  /** What is kept after every step: the image's latents, their noise, and 1 where they are kept. */
  readonly kept?: { readonly z: tf.Tensor4D; readonly noise: tf.Tensor4D; readonly keep: tf.Tensor4D };
}

/** The level of a scheduler's states at its steps; the last is clean. */
export function levelsOf(golden: PipelineCase): readonly NoiseLevel[] {
  const { scheduler, timesteps, sigmas } = golden;
  if (sigmas) {
    const own = sigmas.slice(-timesteps.length - 1);
    const exploding = /^(Euler|Heun|LMS|KDPM2|DPMSolverSDE|EDM)/.test(scheduler);
    return own.map((sigma) => {
      const length = exploding ? 1 : Math.hypot(1, sigma);
      return { alpha: 1 / length, sigma: sigma / length };
    });
  }
  const {
    beta_schedule: name,
    num_train_timesteps: T,
    ...betas
  } = diffusersOptions(scheduler, golden.config);
  const { beta_start, beta_end, trained_betas, rescale_betas_zero_snr = false } = betas;
  const options = { beta_start, beta_end, trained_betas, rescale_betas_zero_snr };
  const schedule = scheduleOf("huggingface/diffusers", String(name), Number(T), options);
  return [...timesteps.map((step) => schedule.at((step + 1) / Number(T))), { alpha: 1, sigma: 0 }];
}

/** x = alpha z + sigma noise. */
export function noised(z: tf.Tensor4D, noise: tf.Tensor4D, { alpha, sigma }: NoiseLevel): tf.Tensor4D {
  return tf.add(tf.mul(alpha, z), tf.mul(sigma, noise));
}

/** The first latents of a case, from the noises in the order in which its pipeline draws them. */
export function startOf(parts: Parts, inputs: Inputs, golden: PipelineCase): Start {
  const { pipeline, init_noise_sigma: scale, strength = 1 } = golden;
  const fresh = (noise: tf.Tensor4D): tf.Tensor4D => tf.mul(noise, scale);
  if (pipeline === "text" || pipeline === "xl") return { x: fresh(inputs.noise(0)), draws: 1 };
  const { network, params } = parts.autoencoder("vae");
  const space = latentSpace({ autoencoder: network, params, shift: 0 });
  const first = levelsOf(golden)[0]!;
  if (pipeline === "edit") {
    const plain = latentSpace({ autoencoder: network, params, shift: 0, scale: 1 });
    return { x: fresh(inputs.noise(0)), draws: 1, image: plain.encode(inputs.image) };
  }
  if (pipeline === "img2img") {
    const z = space.encode(inputs.image, inputs.noise(0));
    return { x: noised(z, inputs.noise(1), first), draws: 2 };
  }
  if (pipeline !== "inpaint") return unsupported(`the pipeline ${pipeline} has no counterpart`);
  const paint = thinned(inputs.mask, network.factor);
  const masked = tf.mul(inputs.image, tf.sub(1, inputs.mask)) as tf.Tensor4D;
  const whole = strength >= 1;
  const nine = Number(parts.config(golden.unet).in_channels) === 9;
  // A network that sees the masked image needs none of the whole one where nothing of it is kept.
  const begin = nine && whole ? 0 : 1;
  const z = begin === 1 ? space.encode(inputs.image, inputs.noise(0)) : undefined;
  const noise = inputs.noise(begin);
  const x = whole || !z ? fresh(noise) : noised(z, noise, first);
  if (!nine) return { x, draws: begin + 2, kept: { z: z!, noise, keep: tf.sub(1, paint) } };
  const seen = space.encode(masked, inputs.noise(begin + 1));
  return { x, draws: begin + 2, image: tf.concat([paint, seen], 3) as tf.Tensor4D };
}

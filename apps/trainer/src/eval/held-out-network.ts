import type { Dataset, Params } from "@ddpm/core";
import { heldOutErrors, priorTerm, type VarianceKind } from "@ddpm/diffusion/authoring";
import { fingerprint, type HeldOutNetwork, imagesOfSubset } from "@ddpm/metrics/authoring";
import * as tf from "@tensorflow/tfjs-core";
import type { Model } from "../drawing/open-model.ts";

/** Held-out images for losses, at most. */
const IMAGES = 256;

/** The network of a run on held-out images: the same images, times and noise for every network. */
export async function heldOutNetwork(
  { config, parts, backend }: Model,
  params: Params,
  heldOut: Dataset,
  seed: number,
): Promise<HeldOutNetwork> {
  const { schedule, denoiser } = parts;
  const { steps } = schedule;
  const unit = config.data.range === "unit";
  const read = await imagesOfSubset(heldOut, IMAGES);
  const images = unit ? { ...read, data: read.data.map((value) => (value + 1) / 2) } : read;
  const clip = config.sample.clip !== false;
  const variance = denoiser.learnsVariance ? "learned-range" : fixedVarianceOf(config.sample.sampler);
  const options = { parts, params, images, variance, clip, seed, compile: backend.compile };
  const shown = `${heldOut.fingerprint} ${images.shape[0]} ${seed}`;
  const unbounded = unboundedBy(schedule, unit);
  return {
    ...{ count: images.shape[0], steps, seed },
    ...(unbounded === undefined ? {} : { unbounded }),
    fingerprints: {
      eps: fingerprint("eps-loss", shown, JSON.stringify([config.schedule, config.data.range])),
      bits: fingerprint("bits", shown, String(clip)),
    },
    errors: (draws) => heldOutErrors(options, draws),
    async prior() {
      const terms = tf.tidy(() => priorTerm(tf.tensor4d(images.data, [...images.shape]), schedule));
      const values = Float64Array.from(await terms.data());
      terms.dispose();
      return values;
    },
  };
}

/** Why bits per dimension are undefined, if they are. */
function unboundedBy({ name, steps }: Model["parts"]["schedule"], unit: boolean): string | undefined {
  if (steps === undefined || steps < 2)
    return `Bits per dimension need a schedule with steps; ${name} has none.`;
  return unit ? "Bits per dimension need images in [-1, 1]; the run's are in [0, 1]." : undefined;
}

/** The variance of the run's own sampler, where it has one. */
function fixedVarianceOf(sampler: Model["config"]["sample"]["sampler"]): VarianceKind {
  return typeof sampler === "object" && "variance" in sampler && sampler.variance === "fixed-large"
    ? "fixed-large"
    : "fixed-small";
}

import { type Dataset, fail, type Params } from "@ddpm/core";
import { fingerprint } from "@ddpm/core/authoring";
import { heldOutErrors, priorTerm, type VarianceKind } from "@ddpm/diffusion/authoring";
import { type HeldOutNetwork, type HeldOutObjective, imagesOfSubset } from "@ddpm/metrics/authoring";
import { captionTokens } from "@ddpm/text/authoring";
import * as tf from "@tensorflow/tfjs-core";
import type { Model } from "../drawing/open-model.ts";

/** Held-out images for losses, at most. */
const IMAGES = 256;

/** Held-out images, and how the training objective on them is measured. */
export interface HeldOutImages {
  readonly dataset: Dataset;
  objective(): Promise<HeldOutObjective>;
}

/** The network of a run on held-out images: the same images, times and noise for every network. */
export async function heldOutNetwork(
  { config, parts, backend }: Pick<Model, "config" | "parts" | "backend">,
  params: Params,
  { dataset, objective }: HeldOutImages,
  seed: number,
): Promise<HeldOutNetwork> {
  if (config.latent) {
    fail(
      "cli/held-out-network",
      "errors of a network that works in latents are those of latents, and no other network's compare with them.",
      "Leave the held-out metrics out.",
    );
  }
  const { schedule, denoiser } = parts;
  const { steps } = schedule;
  const unit = config.data.range === "unit";
  const read = await imagesOfSubset(dataset, IMAGES);
  const { tokenizer } = parts;
  const images = {
    ...read,
    ...(unit ? { data: read.data.map((value) => (value + 1) / 2) } : {}),
    ...(tokenizer ? { tokens: captionTokens(read.captions, tokenizer) } : {}),
  };
  const clip = config.sample.clip !== false;
  const variance = denoiser.learnsVariance ? "learned-range" : fixedVarianceOf(config.sample.sampler);
  const options = { parts, params, images, variance, clip, seed, compile: backend.compile };
  const shown = `${dataset.fingerprint} ${images.shape[0]} ${seed}`;
  return {
    ...{ count: images.shape[0], steps, range: config.data.range, seed },
    fingerprints: {
      eps: fingerprint("eps-loss", shown, JSON.stringify([config.schedule, config.data.range])),
      bits: fingerprint("bits", shown, String(clip)),
      objective: fingerprint("objective", dataset.fingerprint, JSON.stringify(objectiveOf(config))),
    },
    objective,
    errors: (draws) => heldOutErrors(options, draws),
    async prior() {
      const terms = tf.tidy(() => priorTerm(tf.tensor4d(images.data, [...images.shape]), schedule));
      const values = Float64Array.from(await terms.data());
      terms.dispose();
      return values;
    },
  };
}

/** Settings that give the training objective its meaning. */
function objectiveOf(config: Model["config"]): readonly unknown[] {
  const { schedule, parameterization, loss, weight, data, heldOut, seed } = config;
  return [schedule, parameterization, loss, weight, data.range, heldOut?.pairs, heldOut?.buckets, seed];
}

/** The variance of the run's own sampler, where it has one. */
function fixedVarianceOf(sampler: Model["config"]["sample"]["sampler"]): VarianceKind {
  return typeof sampler === "object" && "variance" in sampler && sampler.variance === "fixed-large"
    ? "fixed-large"
    : "fixed-small";
}

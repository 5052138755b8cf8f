import { autoencoders, reconstruction } from "@ddpm/autoencoder";
import { imageNetwork } from "@ddpm/autoencoder/authoring";
import {
  type Denoiser,
  fail,
  type LossWeight,
  type NoiseSchedule,
  type Parameterization,
  type Sampler,
  type Spacing,
  type TimeSampler,
} from "@ddpm/core";
import type { Autoencoder, TrainingObjective } from "@ddpm/core/authoring";
import { conditions, losses, parameterizations, samplers, weights, wrappers } from "@ddpm/diffusion";
import type { ElementLoss, ImageCondition } from "@ddpm/diffusion/authoring";
import type { Metric } from "@ddpm/metrics";
import { heldOutMetrics } from "@ddpm/metrics/authoring";
import { schedules, spacings, timeSamplers } from "@ddpm/schedules";
import type { Tokenizer } from "@ddpm/text";
import { checks, clips, emas, grouped, learningRates, optimizers } from "@ddpm/trainer";
import type { Check, Clip, EmaDecay, LearningRate, Optimizer } from "@ddpm/trainer/authoring";
import { denoisers, freeze } from "@ddpm/unet";
import type { RunConfig } from "../config/schema.ts";
import { checkAutoencoder } from "./check-autoencoder.ts";
import { type CreatePlugin, createBuiltIn } from "./create-plugin.ts";
import { textReader } from "./text-reader.ts";

/** A run's configuration as working parts. */
export interface RunParts {
  /** The network that is trained; of an autoencoder, images to images. */
  readonly denoiser: Denoiser;
  readonly schedule: NoiseSchedule;
  readonly parameterization: Parameterization;
  readonly loss: ElementLoss;
  readonly weight: LossWeight;
  readonly times: TimeSampler;
  readonly optimizer: Optimizer;
  readonly learningRate: LearningRate;
  readonly ema: EmaDecay | undefined;
  readonly sampler: Sampler;
  readonly spacing: Spacing;
  /** What is trained in place of a denoiser, and what it minimises. */
  readonly trained?: TrainedAutoencoder;
  /** The autoencoder in whose latents the denoiser works. */
  readonly autoencoder?: Autoencoder;
  /** Makes the condition image, for a network that is conditioned on one. */
  readonly condition?: ImageCondition;
  /** Makes ids of captions, for a network that reads them. */
  readonly tokenizer?: Tokenizer;
  readonly clip?: Clip;
  /** Chooses the best checkpoint, where images are held out. */
  readonly metric?: Metric<"heldOut">;
  /** Problems to look for in the log. */
  readonly checks: readonly Check[];
}

/** An autoencoder that a run trains. */
export interface TrainedAutoencoder {
  readonly autoencoder: Autoencoder;
  readonly objective: TrainingObjective;
}

/**
 * Builds every part of a run, and checks that they fit each other.
 *
 * @param create creates the plugins; default: {@link createBuiltIn}
 * @throws DdpmError for an unknown plugin or option (with the nearest name), and for parts that do not fit
 */
export function buildParts(config: RunConfig, create: CreatePlugin = createBuiltIn): RunParts {
  const { train, sample } = config;
  const { clip, ema } = train;
  const parts: RunParts = {
    ...networkOf(config, create),
    ...(config.latent?.network === undefined
      ? {}
      : { autoencoder: create(autoencoders, config.latent.network) }),
    schedule: create(schedules, config.schedule),
    parameterization: create(parameterizations, config.parameterization),
    loss: create(losses, config.loss),
    weight: create(weights, config.weight),
    times: create(timeSamplers, config.times),
    optimizer: optimizerOf(train, create),
    learningRate: create(learningRates, train.learningRate),
    ema: ema === null ? undefined : create(emas, ema),
    sampler: create(samplers, sample.sampler),
    spacing: create(spacings, sample.spacing),
    checks: config.checks.map((spec) => create(checks, spec)),
    ...(config.condition === undefined ? {} : { condition: create(conditions, config.condition) }),
    ...(config.heldOut ? { metric: create(heldOutMetrics, config.heldOut.metric) } : {}),
    ...(clip === null
      ? {}
      : { clip: create(clips, typeof clip === "number" ? { name: "norm", maxNorm: clip } : clip) }),
  };
  checkAutoencoder(config);
  checkSettings(config);
  parts.spacing.times(sample.steps, parts.schedule);
  return parts;
}

/** The network that is trained, with what reads captions for it, or the objective of an autoencoder. */
function networkOf(
  { denoiser: spec, text, train, autoencoder: trained }: RunConfig,
  create: CreatePlugin,
): Pick<RunParts, "denoiser" | "tokenizer" | "trained"> {
  if (trained) {
    const { network, ...options } = trained;
    const autoencoder = create(autoencoders, network);
    const denoiser = freeze(imageNetwork(autoencoder), train.freeze);
    const objective = { ...reconstruction(autoencoder, options), specs: denoiser.specs };
    return { denoiser, trained: { autoencoder, objective: objective as TrainingObjective } };
  }
  const network = create(denoisers, spec);
  const { denoiser, ...reader } = text ? textReader(network, text, create) : { denoiser: network };
  return { denoiser: freeze(denoiser, train.freeze), ...reader };
}

function optimizerOf({ optimizer, groups }: RunConfig["train"], create: CreatePlugin): Optimizer {
  const rest = create(optimizers, optimizer);
  if (groups.length === 0) return rest;
  const each = groups.map(({ match, rate, optimizer: own }) => ({
    match,
    rate,
    ...(own === undefined ? {} : { optimizer: create(optimizers, own) }),
  }));
  return grouped(rest, each);
}

function checkSettings({ train, sample, heldOut }: RunConfig): void {
  if (train.batch % train.accumulate !== 0) {
    fail("runs/parts", `a batch of ${train.batch} does not split into ${train.accumulate} equal parts.`);
  }
  if (train.earlyStop && !heldOut) {
    const what = "train.earlyStop needs the held-out loss, and no images are held out.";
    fail("runs/parts", what, "Set heldOut.amount, e.g. to 0.02.");
  }
  if (typeof sample.clip !== "boolean") wrappers.create(sample.clip);
}

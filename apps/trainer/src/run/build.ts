import {
  type Denoiser,
  fail,
  type LossWeight,
  type NoiseSchedule,
  type Parameterization,
  random,
  type Sampler,
  type Spacing,
  type Spec,
  type TimeSampler,
} from "@ddpm/core";
import {
  conditions,
  type ElementLoss,
  type ImageCondition,
  losses,
  parameterizations,
  samplers,
  weights,
} from "@ddpm/diffusion";
import { schedules, spacings, timeSamplers } from "@ddpm/schedules";
import {
  type Clip,
  clips,
  type EmaDecay,
  emas,
  grouped,
  type LearningRate,
  learningRates,
  type Optimizer,
  optimizers,
} from "@ddpm/trainer";
import { denoisers, freeze } from "@ddpm/unet";
import type { RunConfig } from "../config/schema.ts";

/** A run's configuration as working parts. */
export interface BuiltRun {
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
  /** Makes the image that the network goes by, where it goes by one. */
  readonly condition?: ImageCondition;
  readonly clip?: Clip;
}

/**
 * Makes every part of a run, and checks that they fit each other.
 *
 * @throws DdpmError for an unknown plugin or option (with the nearest name), or parts that do not fit
 */
export function buildRun(config: RunConfig): BuiltRun {
  const { train, sample } = config;
  const built: BuiltRun = {
    denoiser: freeze(denoisers.create(config.denoiser), train.freeze),
    schedule: schedules.create(config.schedule),
    parameterization: parameterizations.create(config.parameterization),
    loss: losses.create(config.loss),
    weight: weights.create(config.weight),
    times: timeSamplers.create(config.times),
    optimizer: optimizerOf(train),
    learningRate: learningRates.create(train.learningRate),
    ema: train.ema === null ? undefined : emas.create(train.ema),
    sampler: samplers.create(sample.sampler),
    spacing: spacings.create(sample.spacing),
    ...(config.condition === undefined ? {} : { condition: conditions.create(config.condition) }),
    ...(train.clip === null ? {} : { clip: clipOf(train.clip) }),
  };
  if (train.batch % train.accumulate !== 0) {
    fail("config", `a batch of ${train.batch} does not split into ${train.accumulate} equal parts.`);
  }
  if (train.earlyStop && !config.heldOut) {
    fail(
      "config",
      "train.earlyStop goes by the held-out loss, and nothing is held out.",
      "Set heldOut.amount, 0.02 say.",
    );
  }
  built.spacing.times(sample.steps, built.schedule);
  return built;
}

function optimizerOf({ optimizer, groups }: RunConfig["train"]): Optimizer {
  const rest = optimizers.create(optimizer);
  if (groups.length === 0) return rest;
  return grouped(
    rest,
    groups.map(({ match, rate, optimizer: own }) => ({
      match,
      rate,
      ...(own === undefined ? {} : { optimizer: optimizers.create(own) }),
    })),
  );
}

function clipOf(clip: NonNullable<RunConfig["train"]["clip"]>): Clip {
  return clips.create(typeof clip === "number" ? { name: "norm", largest: clip } : clip);
}

/**
 * Fills in what the data decides, unless it was said: the channels of the network, and of the image it goes by.
 *
 * @param shape [H, W, C] of the images
 */
export function fitToImages(config: RunConfig, shape: readonly [number, number, number]): RunConfig {
  const name = typeof config.denoiser === "string" ? config.denoiser : config.denoiser.name;
  const { shape: known } = denoisers.get(name).schema;
  const given: Exclude<Spec, string> = typeof config.denoiser === "string" ? { name } : config.denoiser;
  const channels = "channels" in known && !("channels" in given) ? { channels: shape[2] } : {};
  const made = config.condition && conditions.create(config.condition).channels(shape[2]);
  const image =
    made && "imageChannels" in known && !("imageChannels" in given) ? { imageChannels: made } : {};
  if (Object.keys(channels).length === 0 && Object.keys(image).length === 0) return config;
  return { ...config, denoiser: { ...given, ...channels, ...image } };
}

/**
 * Checks that a network takes images of this shape, and what a condition makes of them.
 *
 * @throws DdpmError naming the nearest sizes that fit
 */
export function checkImages(
  denoiser: Denoiser,
  shape: readonly [number, number, number],
  condition?: ImageCondition,
): void {
  const { name, channels, multiple, size } = denoiser;
  const [height, width, depth] = shape;
  checkCondition(denoiser, shape, condition);
  if (depth !== channels) {
    fail(
      "config",
      `the images have ${depth} channels, and ${name} was built for ${channels}.`,
      `Use --set data.channels=${channels} or --set denoiser.channels=${depth}.`,
    );
  }
  if (size && (size[0] !== height || size[1] !== width)) {
    fail(
      "config",
      `the images are ${height}×${width}, and ${name} is tied to ${size[0]}×${size[1]}.`,
      `Use --set data.size=${size[0]}.`,
    );
  }
  if (height % multiple === 0 && width % multiple === 0) return;
  const near = (length: number): string => {
    const below = Math.floor(length / multiple) * multiple;
    return [below, below + multiple].filter((fits) => fits > 0).join(" or ");
  };
  fail(
    "config",
    `${name} halves images down to a ${multiple}th, which ${height}×${width} does not allow.`,
    `The nearest sizes: ${near(height)} by ${near(width)}; for example --set data.size=[${[height, width].map((length) => Math.ceil(length / multiple) * multiple).join(",")}].`,
  );
}

function checkCondition(
  { name, imageChannels }: Denoiser,
  [height, width, channels]: readonly [number, number, number],
  condition: ImageCondition | undefined,
): void {
  if (!condition && !imageChannels) return;
  if (!condition) {
    fail(
      "config",
      `${name} goes by an image of ${imageChannels} channels, and nothing makes it.`,
      `Say which: --set condition=NAME, one of ${conditions.names.join(", ")}.`,
    );
  }
  if (!imageChannels) {
    const able = denoisers.plugins.filter(({ schema }) => "imageChannels" in schema.shape);
    const names = able.map((one) => one.name).join(", ");
    fail(
      "config",
      `${name} takes no image to go by, which ${condition.name} makes.`,
      `Those that do: ${names}.`,
    );
  }
  const blank = new Float32Array(height * width * channels);
  const offer = { image: blank, shape: [height, width, channels] } as const;
  const made = condition.make(offer, [height, width], random(0)).length / (height * width);
  if (made === imageChannels) return;
  fail(
    "config",
    `${condition.name} makes ${made} channels of ${channels}, and ${name} was built for ${imageChannels}.`,
    `Use --set denoiser.imageChannels=${made}.`,
  );
}

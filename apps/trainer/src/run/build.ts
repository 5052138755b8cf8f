import {
  type Denoiser,
  fail,
  type LossWeight,
  type NoiseSchedule,
  type Parameterization,
  type Registry,
  random,
  type Sampler,
  type Spacing,
  type TimeSampler,
} from "@ddpm/core";
import { AUGMENT_LABELS } from "@ddpm/data";
import {
  conditions,
  type ElementLoss,
  type ImageCondition,
  losses,
  parameterizations,
  samplers,
  weights,
  wrappers,
} from "@ddpm/diffusion";
import { schedules, spacings, timeSamplers } from "@ddpm/schedules";
import {
  type Check,
  type Clip,
  checks,
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
import { type AnySpec, checkPlugins, isModuleSpec, makerOf } from "../config/user-plugins.ts";
import { streamSettings } from "../data/stream-settings.ts";

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
  /** Signs of trouble to look for. */
  readonly checks: readonly Check[];
}

/**
 * Makes every part of a run, and checks that they fit each other. Parts from a user's module are loaded.
 *
 * @param check run also those conformance suites on parts from a user's module that need a backend: sampler, network
 * @throws DdpmError for an unknown plugin or option (with the nearest name), parts that do not fit, or a module that does
 *   not load or breaks a contract
 */
export async function buildRun(config: RunConfig, check = false): Promise<BuiltRun> {
  const { train, sample } = config;
  const make = async <Product>(registry: Registry<Product>, spec: AnySpec): Promise<Product> =>
    (await makerOf(registry, spec))();
  const schedule = await makerOf(schedules, config.schedule);
  const sampler = await makerOf(samplers, sample.sampler);
  const denoiser = await makerOf(denoisers, config.denoiser);
  const own = {
    schedule: isModuleSpec(config.schedule),
    sampler: check && isModuleSpec(sample.sampler),
    denoiser: check && isModuleSpec(config.denoiser),
  };
  await checkPlugins({ schedule, sampler, denoiser, own });
  const built: BuiltRun = {
    denoiser: freeze(denoiser(), train.freeze),
    schedule: schedule(),
    parameterization: await make(parameterizations, config.parameterization),
    loss: await make(losses, config.loss),
    weight: await make(weights, config.weight),
    times: await make(timeSamplers, config.times),
    optimizer: await optimizerOf(train),
    learningRate: await make(learningRates, train.learningRate),
    ema: train.ema === null ? undefined : await make(emas, train.ema),
    sampler: sampler(),
    spacing: await make(spacings, sample.spacing),
    checks: await Promise.all(config.checks.map((spec) => make(checks, spec))),
    ...(config.condition === undefined ? {} : { condition: await make(conditions, config.condition) }),
    ...(train.clip === null ? {} : { clip: await clipOf(train.clip) }),
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
  if (typeof sample.clip !== "boolean") wrappers.create(sample.clip);
  return built;
}

async function optimizerOf({ optimizer, groups }: RunConfig["train"]): Promise<Optimizer> {
  const rest = (await makerOf(optimizers, optimizer))();
  if (groups.length === 0) return rest;
  const each = groups.map(async ({ match, rate, optimizer: own }) => ({
    match,
    rate,
    ...(own === undefined ? {} : { optimizer: (await makerOf(optimizers, own))() }),
  }));
  return grouped(rest, await Promise.all(each));
}

async function clipOf(clip: NonNullable<RunConfig["train"]["clip"]>): Promise<Clip> {
  return (await makerOf(clips, typeof clip === "number" ? { name: "norm", largest: clip } : clip))();
}

/**
 * Fills in what the data decides, unless it was said: the channels of the network, and of the image it goes by; and
 * that a network which can be told how images were augmented is told. One from a user's module is taken as it is.
 *
 * @param shape [H, W, C] of the images
 * @param like  a run whose weights this one goes on with: its network decides whether it is told
 */
export async function fitToImages(
  config: RunConfig,
  shape: readonly [number, number, number],
  like?: RunConfig,
): Promise<RunConfig> {
  if (isModuleSpec(config.denoiser)) return config;
  const given = typeof config.denoiser === "string" ? { name: config.denoiser } : config.denoiser;
  const { shape: known } = denoisers.get(given.name).schema;
  const open = (option: string): boolean => option in known && !(option in given);
  const made = config.condition && (await makerOf(conditions, config.condition))().channels(shape[2]);
  const told = !like || (typeof like.denoiser === "object" && "augment" in like.denoiser);
  const augmented = told && streamSettings(config.data).stream.augment !== undefined;
  const decided = {
    ...(open("channels") ? { channels: shape[2] } : {}),
    ...(made && open("imageChannels") ? { imageChannels: made } : {}),
    ...(augmented && open("augment") ? { augment: AUGMENT_LABELS } : {}),
  };
  if (Object.keys(decided).length === 0) return config;
  return { ...config, denoiser: { ...given, ...decided } };
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

import { type Denoiser, fail, random } from "@ddpm/core";
import { AUGMENT_LABELS } from "@ddpm/data";
import { conditions, type ImageCondition, samplers } from "@ddpm/diffusion";
import { buildParts, isModuleSpec, type RunConfig, type RunParts } from "@ddpm/runs";
import { schedules } from "@ddpm/schedules";
import { denoisers } from "@ddpm/unet";
import { checkPlugins, loadModules, makerOf } from "../config/user-plugins.ts";
import { streamSettings } from "../data/stream-settings.ts";

/**
 * Builds every part of a run, and checks that they fit each other. Plugins from your own modules are loaded.
 *
 * @param check also run the conformance suites that need a backend on plugins from modules: sampler, network
 * @throws DdpmError for an unknown plugin or option (with the nearest name), parts that do not fit, or a module that does
 *   not load or breaks a contract
 */
export async function buildRun(config: RunConfig, check = false): Promise<RunParts> {
  const create = await loadModules(config);
  const sampler = config.sample.sampler;
  await checkPlugins({
    schedule: () => create(schedules, config.schedule),
    sampler: () => create(samplers, sampler),
    denoiser: () => create(denoisers, config.denoiser),
    own: {
      schedule: isModuleSpec(config.schedule),
      sampler: check && isModuleSpec(sampler),
      denoiser: check && isModuleSpec(config.denoiser),
    },
  });
  return buildParts(config, create);
}

/**
 * Fills in what the data decides, unless it is given: channels and size of the network, and channels of its condition image; and
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
  const told = !like || (typeof like.denoiser === "object" && "augmentDim" in like.denoiser);
  const augmented = told && streamSettings(config.data).stream.augment !== undefined;
  const decided = {
    ...(open("channels") ? { channels: shape[2] } : {}),
    ...(open("imgResolution") ? { imgResolution: shape[0] } : {}),
    ...(open("inputSize") ? { inputSize: shape[0] === shape[1] ? shape[0] : shape.slice(0, 2) } : {}),
    ...(made && open("imageChannels") ? { imageChannels: made } : {}),
    ...(augmented && open("augmentDim") ? { augmentDim: AUGMENT_LABELS } : {}),
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

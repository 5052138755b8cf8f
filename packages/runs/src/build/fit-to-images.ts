import { autoencoders } from "@ddpm/autoencoder";
import type { ImageShape } from "@ddpm/core/authoring";
import { AUGMENT_LABELS } from "@ddpm/data/authoring";
import { conditions } from "@ddpm/diffusion";
import { denoisers } from "@ddpm/unet";
import type { RunConfig } from "../config/schema.ts";
import { isModuleSpec } from "../config/spec.ts";
import { streamSettings } from "../config/stream-settings.ts";
import { type CreatePlugin, createBuiltIn } from "./create-plugin.ts";

/**
 * Fills in the options of the network that the images decide, where the configuration leaves them out: its channels and size,
 * the channels of its condition image, and that it receives the parameters of the augmentation. A network from a module is left as it is.
 *
 * @param shape  [H, W, C] of the images
 * @param create creates the plugins
 * @param like   a run whose weights this one continues with: its network decides whether it receives the augmentation
 */
export function fitToImages(
  config: RunConfig,
  shape: ImageShape,
  create: CreatePlugin = createBuiltIn,
  like?: RunConfig,
): RunConfig {
  if (config.autoencoder) return { ...config, autoencoder: fitAutoencoder(config.autoencoder, shape) };
  if (isModuleSpec(config.denoiser)) return config;
  const given = typeof config.denoiser === "string" ? { name: config.denoiser } : config.denoiser;
  const { shape: known } = denoisers.get(given.name).schema;
  const open = (option: string): boolean => option in known && !(option in given);
  const made = config.condition && create(conditions, config.condition).channels(shape[2]);
  const receives = !like || (typeof like.denoiser === "object" && "augmentDim" in like.denoiser);
  const augmented = receives && streamSettings(config.data).stream.augment !== undefined;
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

/** The same for an autoencoder: it decodes what it encodes. */
function fitAutoencoder(
  { network, ...rest }: NonNullable<RunConfig["autoencoder"]>,
  [, , channels]: ImageShape,
): NonNullable<RunConfig["autoencoder"]> {
  if (isModuleSpec(network)) return { network, ...rest };
  const given = typeof network === "string" ? { name: network } : network;
  const { shape: known } = autoencoders.get(given.name).schema;
  const decided = ["inChannels", "outChannels"].filter((option) => option in known && !(option in given));
  return { network: { ...given, ...Object.fromEntries(decided.map((name) => [name, channels])) }, ...rest };
}

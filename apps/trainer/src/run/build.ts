import type { ImageShape } from "@ddpm/core/authoring";
import { samplers } from "@ddpm/diffusion";
import { buildParts, type RunConfig, type RunParts } from "@ddpm/runs";
import { fitToImages, isModuleSpec } from "@ddpm/runs/authoring";
import { schedules } from "@ddpm/schedules";
import { denoisers } from "@ddpm/unet";
import { checkPlugins, loadModules } from "../config/user-plugins.ts";

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
 * A configuration with the options that the images decide. Plugins from your own modules are loaded.
 *
 * @param shape [H, W, C] of the images
 * @param like  a run whose weights this one continues with
 */
export async function fitRun(config: RunConfig, shape: ImageShape, like?: RunConfig): Promise<RunConfig> {
  return fitToImages(config, shape, await loadModules(config), like);
}

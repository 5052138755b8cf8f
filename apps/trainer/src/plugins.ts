import type { Plugin, Registry } from "@ddpm/core";
import { conditions, losses, parameterizations, samplers, weights } from "@ddpm/diffusion";
import { schedules, spacings, timeSamplers } from "@ddpm/schedules";
import { emas, learningRates, optimizers } from "@ddpm/trainer";
import { denoisers } from "@ddpm/unet";

/** A registry whose products do not matter: for listing. */
export interface PluginKind {
  readonly plugins: readonly Plugin<never, unknown>[];
}

/** Every kind of plugin, by the word that `ddpm list` takes. */
export const pluginKinds: Readonly<Record<string, PluginKind>> = {
  schedules,
  spacings,
  times: timeSamplers,
  parameterizations,
  losses,
  weights,
  samplers,
  conditions,
  denoisers,
  optimizers,
  "learning-rates": learningRates,
  emas,
} satisfies Readonly<Record<string, Registry<unknown>>>;

import { autoencoders } from "@ddpm/autoencoder";
import { backends } from "@ddpm/backends";
import type { Plugin, Registry } from "@ddpm/core";
import { embeddedSets } from "@ddpm/data";
import { formats } from "@ddpm/data/node";
import { conditions, losses, parameterizations, samplers, weights, wrappers } from "@ddpm/diffusion";
import { families } from "@ddpm/exchange";
import { metrics } from "@ddpm/metrics";
import { nodeExtractors } from "@ddpm/metrics/node";
import { presets } from "@ddpm/runs";
import { schedules, spacings, timeSamplers } from "@ddpm/schedules";
import { checks, clips, emas, learningRates, optimizers } from "@ddpm/trainer";
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
  wrappers,
  conditions,
  denoisers,
  autoencoders,
  optimizers,
  "learning-rates": learningRates,
  emas,
  clips,
  checks,
  data: embeddedSets,
  formats,
  families,
  extractors: nodeExtractors,
  metrics,
  presets,
  backends,
} satisfies Readonly<Record<string, Registry<unknown>>>;

import { parameterizations, samplers } from "@ddpm/diffusion";
import { schedules, spacings } from "@ddpm/schedules";

/** Plugins that need more than numbers, by their registry: no form makes them. */
const unsuited: Readonly<Record<string, readonly string[]>> = {
  schedule: ["custom"],
  spacing: ["list", "sections"],
  // Made for given pictures, or for other kinds of networks.
  sampler: ["repaint", "consistency", "tcd"],
};

const choicesOf = ({ kind, names }: { readonly kind: string; readonly names: readonly string[] }): string[] =>
  names.filter((name) => !unsuited[kind]?.includes(name));

/** Plugins that the page offers, by kind; schedules that wrap another take the linear one. */
export const pluginChoices: Readonly<
  Record<"schedules" | "spacings" | "samplers" | "parameterizations", readonly string[]>
> = {
  schedules: choicesOf(schedules),
  spacings: choicesOf(spacings),
  samplers: choicesOf(samplers),
  parameterizations: choicesOf(parameterizations),
};

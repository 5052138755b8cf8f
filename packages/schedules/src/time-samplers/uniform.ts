import type { Plugin, TimeSampler } from "@ddpm/core";
import { plugin } from "../plugin.ts";
import { drawEach, timeOfUniform } from "./draw.ts";

/**
 * Every time is as likely: the steps of a chain, or the whole of (0, 1].
 *
 * Source: Ho et al. 2020, algorithm 1.
 */
export const uniform: Plugin<Record<never, never>, TimeSampler> = plugin({
  name: "uniform",
  about: "Every step of a chain, or every time in (0, 1], is as likely.",
  source: "Ho et al. 2020, algorithm 1",
  options: {},
  create: () => ({
    name: "uniform",
    draw: (images, random, schedule) =>
      drawEach(images, random, (own) => timeOfUniform(own.uniform(), schedule)),
  }),
});

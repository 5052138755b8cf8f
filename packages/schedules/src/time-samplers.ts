import { type Registry, registry, type TimeSampler } from "@ddpm/core";
import { uniform } from "./times/uniform.ts";

/** Every built-in way to draw training times. */
export const timeSamplers: Registry<TimeSampler> = registry<TimeSampler>("time sampler", [uniform]);

import { type Registry, registry, type TimeSampler } from "@ddpm/core";
import { importance } from "./times/importance.ts";
import { logNormal } from "./times/log-normal.ts";
import { logitNormal } from "./times/logit-normal.ts";
import { stratified } from "./times/stratified.ts";
import { uniform } from "./times/uniform.ts";

/** Every built-in way to draw training times. */
export const timeSamplers: Registry<TimeSampler> = registry<TimeSampler>("time sampler", [
  uniform,
  stratified,
  logNormal,
  logitNormal,
  importance,
]);

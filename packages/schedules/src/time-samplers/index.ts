import { type Registry, registry, type TimeSampler } from "@ddpm/core";
import { betweenSteps } from "./between-steps.ts";
import { importance } from "./importance.ts";
import { logNormal } from "./log-normal.ts";
import { logitNormal } from "./logit-normal.ts";
import { stratified } from "./stratified.ts";
import { uniform } from "./uniform.ts";

/** Every built-in way to draw training times. */
export const timeSamplers: Registry<TimeSampler> = registry<TimeSampler>(
  "schedules/time-samplers",
  "time sampler",
  [uniform, stratified, betweenSteps, logNormal, logitNormal, importance],
);

import type { NoiseSchedule } from "@ddpm/core";
import { linear } from "@ddpm/schedules";

/** Straight from image to noise: no signal left at t = 1. */
export const straight: NoiseSchedule = { name: "straight", at: (t) => ({ alpha: 1 - t, sigma: t }) };

/** alpha = 1, sigma up to 80. */
export const exploding: NoiseSchedule = { name: "exploding", at: (t) => ({ alpha: 1, sigma: 80 * t ** 3 }) };

/** One schedule of every family: a table, variance exploding, straight. */
export const families: readonly NoiseSchedule[] = [linear(), exploding, straight];

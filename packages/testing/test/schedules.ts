import type { NoiseSchedule } from "@ddpm/core";

/** cos / sin path, variance preserving. */
export const cosinePath: NoiseSchedule = {
  name: "cosine-path",
  at: (t) => ({ alpha: Math.cos((t * Math.PI) / 2), sigma: Math.sin((t * Math.PI) / 2) }),
};

/** alpha = 1, sigma up to 80. */
const exploding: NoiseSchedule = { name: "exploding", at: (t) => ({ alpha: 1, sigma: 80 * t ** 3 }) };

/** Straight from image to noise. */
const straight: NoiseSchedule = { name: "straight", at: (t) => ({ alpha: 1 - t, sigma: t }) };

export const paths: readonly NoiseSchedule[] = [cosinePath, exploding, straight];

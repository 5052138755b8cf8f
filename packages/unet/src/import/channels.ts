import { fail } from "@ddpm/core";

/** Channels of a network as our options count them. */
export interface Channels {
  readonly channels: number;
  readonly learnsVariance: boolean;
  readonly imageChannels?: number;
}

/**
 * What the counts of a reference's first and last layer mean: as many out as in; twice as many for a learned variance;
 * more in, where an image to go by comes after the noisy one.
 *
 * @throws DdpmError for counts that mean nothing of this
 */
export function channelsOf(where: string, taken: number, made: number): Channels {
  if (made === taken) return { channels: taken, learnsVariance: false };
  if (made === 2 * taken) return { channels: taken, learnsVariance: true };
  if (made < taken) return { channels: made, learnsVariance: false, imageChannels: taken - made };
  if (made % 2 === 0 && made < 2 * taken) {
    return { channels: made / 2, learnsVariance: true, imageChannels: taken - made / 2 };
  }
  return fail(
    where,
    `${made} channels out for ${taken} in, expected ${taken}, ${2 * taken} for a learned variance, or fewer than ${taken}.`,
    "No network here returns other channels.",
  );
}

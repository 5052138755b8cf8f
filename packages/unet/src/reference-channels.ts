/** Channels of a network as our options count them. */
export interface Channels {
  readonly channels: number;
  readonly learnsVariance: boolean;
  readonly imageChannels?: number;
  readonly outputs?: number;
}

/**
 * The options for the channels of a reference's first and last layer. As many out as in: a denoiser. Twice as many: one
 * that learns the variance. Fewer, or an even number between: the same two with image conditioning, whose channels come
 * after those of the noisy image. Any other number: a network whose `outputs` are not those of a denoiser; so are all
 * numbers but the first two where the network takes its own guess, which has the channels of the whole input.
 *
 * @param taken channels of the input, without a guess
 * @param made  channels of the output
 */
export function channelsOf(taken: number, made: number, takesGuess = false): Channels {
  const alone = { channels: taken, learnsVariance: false };
  if (made === taken) return alone;
  if (made === 2 * taken) return { ...alone, learnsVariance: true };
  if (takesGuess || made > 2 * taken) return { ...alone, outputs: made };
  if (made < taken) return { channels: made, learnsVariance: false, imageChannels: taken - made };
  if (made % 2 === 1) return { ...alone, outputs: made };
  return { channels: made / 2, learnsVariance: true, imageChannels: taken - made / 2 };
}

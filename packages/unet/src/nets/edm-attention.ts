/** Options of EDM's networks that decide which levels have attention. */
interface AttentionOptions {
  readonly imgResolution: number;
  readonly channelMult: readonly number[];
  readonly attnResolutions: readonly number[];
}

/** Levels with attention, the finest 0: those whose side, halved from `imgResolution` on, is in `attnResolutions`. */
export function edmAttention({ imgResolution, channelMult, attnResolutions }: AttentionOptions): number[] {
  return channelMult.flatMap((_, level) => (attnResolutions.includes(imgResolution >> level) ? [level] : []));
}

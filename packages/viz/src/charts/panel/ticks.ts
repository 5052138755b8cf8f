/** Round numbers along an axis. */

/** 1, 2 or 5 times a power of ten: the smallest such step that gives at most `most` intervals. */
export function niceStep(range: number, most: number): number {
  const rough = range / most;
  const power = Number(`1e${Math.floor(Math.log10(rough))}`);
  return [1, 2, 5, 10].map((m) => m * power).find((step) => step >= rough * (1 - 1e-9))!;
}

/** Multiples of a nice step in [min, max], at most `most` + 1 of them. */
export function linearTicks(min: number, max: number, most: number): number[] {
  const step = niceStep(max - min, most);
  const ticks: number[] = [];
  for (let k = Math.ceil(min / step - 1e-9); k * step <= max + 1e-9 * step; k++)
    ticks.push(Number((k * step).toPrecision(12)));
  return ticks;
}

/** Within one decade, coarse to fine. */
const MANTISSAS = [[1], [1, 3], [1, 2, 5], [1, 2, 3, 4, 6, 8]];

/**
 * Round numbers in [min, max] for a log axis, at most `most` of them: powers of ten, every second or third one where
 * there are many, numbers between them where there are few, and linear steps where there is no room for those.
 */
export function logTicks(min: number, max: number, most: number): number[] {
  const low = Math.floor(Math.log10(min));
  const high = Math.ceil(Math.log10(max));
  const inside = (stride: number, mantissas: readonly number[]) =>
    Array.from({ length: high - low + 1 }, (_, i) => low + i)
      .filter((exponent) => exponent % stride === 0)
      .flatMap((exponent) => mantissas.map((mantissa) => Number(`${mantissa}e${exponent}`)))
      .filter((tick) => tick >= min * (1 - 1e-9) && tick <= max * (1 + 1e-9));

  for (let stride = Math.max(2, Math.ceil((high - low) / most) - 1); inside(1, [1]).length > most; stride++) {
    const ticks = inside(stride, [1]);
    if (ticks.length <= most) return ticks;
  }
  const finest = MANTISSAS.map((mantissas) => inside(1, mantissas)).findLast(
    (ticks) => ticks.length <= most,
  )!;
  return finest.length > 2 ? finest : linearTicks(min, max, Math.min(4, most)).filter((tick) => tick > 0);
}

/** Labels for the ticks of one axis, short and alike: 0, 5e-5, 1e-4; 0, 0.5M, 1M. */
export function tickLabels(ticks: readonly number[], log: boolean): string[] {
  const largest = Math.max(...ticks.map(Math.abs));
  const distance = ticks.length > 1 && !log ? Math.log10(largest / Math.abs(ticks[1]! - ticks[0]!)) : 0;
  const digits = Math.min(12, Math.max(6, Math.ceil(distance) + 2));
  const short = (value: number) => String(Number(value.toPrecision(digits)));
  const small = (value: number) =>
    value
      .toExponential(5)
      .replace(/\.?0*e/, "e")
      .replace("e+", "e");
  return ticks.map((tick) => {
    if (tick === 0) return "0";
    const size = log ? Math.abs(tick) : largest;
    if (size >= 1e12 || size < 2e-3) return log && size >= 1e-3 && size < 1 ? short(tick) : small(tick);
    if (size >= 1e9) return `${short(tick / 1e9)}G`;
    if (size >= 1e6) return `${short(tick / 1e6)}M`;
    if (size >= 1e4) return `${short(tick / 1e3)}k`;
    return short(tick);
  });
}

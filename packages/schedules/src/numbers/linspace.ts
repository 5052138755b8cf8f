/**
 * `count` evenly spaced numbers from `start` to `stop`, both included, rounded as numpy.linspace rounds them.
 *
 * @returns [count]; only `start` when count is 1
 */
export function linspace(start: number, stop: number, count: number): Float64Array {
  const stride = (stop - start) / (count - 1);
  const values = Float64Array.from({ length: count }, (_, i) => i * stride + start);
  if (count > 1) values[count - 1] = stop;
  else if (count === 1) values[0] = start;
  return values;
}

/** The nearest whole number, halves to the even one (IEEE 754, as numpy.round and torch.round do). */
export function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  if (value - floor !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}

/** From numbers to places on the page, and the ticks. */
export interface Axis {
  place(value: number): number;
  readonly ticks: readonly { readonly value: number; readonly label: string }[];
}

/** An axis with evenly spaced numbers, about `wanted` of them at round values. */
export function linearAxis(low: number, high: number, from: number, to: number, wanted: number): Axis {
  const span = high - low || 1;
  const rough = span / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough)!;
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  const ticks = Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => (first + i) * step);
  return {
    place: (value) => from + ((value - low) / span) * (to - from),
    ticks: ticks.map((value) => ({ value, label: labelOf(value, step) })),
  };
}

/** A logarithmic axis, with ticks at powers of ten. */
export function logAxis(low: number, high: number, from: number, to: number, wanted: number): Axis {
  const [a, b] = [Math.log10(low), Math.log10(high)];
  const span = b - a || 1;
  const decades = Math.floor(b + 1e-9) - Math.ceil(a - 1e-9) + 1;
  const every = Math.max(1, Math.ceil(decades / wanted));
  const powers = Array.from({ length: Math.max(0, decades) }, (_, i) => Math.ceil(a - 1e-9) + i);
  const marks = powers.filter((power) => power % every === 0).map((power) => 10 ** power);
  // Less than two decades: twos and fives as well; less than one: all that there are.
  const fine = span < 0.7 ? [2, 3, 4, 5, 6, 7, 8, 9] : powers.length < 3 ? [2, 5] : [];
  const between = [Math.ceil(a) - 1, ...powers].flatMap((power) => fine.map((f) => f * 10 ** power));
  const ticks = [...marks, ...between.filter((value) => value >= low && value <= high)].sort((x, y) => x - y);
  return {
    place: (value) => from + ((Math.log10(value) - a) / span) * (to - from),
    ticks: ticks.map((value) => ({ value, label: short(value) })),
  };
}

function labelOf(value: number, step: number): string {
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  return Math.abs(value) >= 1e4 ? short(value) : value.toFixed(Math.min(digits, 8));
}

/** A number in few characters. */
export function short(value: number): string {
  const size = Math.abs(value);
  if (value === 0) return "0";
  if (size >= 1e6) return `${Number((value / 1e6).toPrecision(3))} M`;
  if (size >= 1e4) return `${Number((value / 1e3).toPrecision(3))} k`;
  if (size < 1e-3) return value.toExponential(0).replace("e", "e");
  return String(size >= 100 ? Math.round(value) : Number(value.toPrecision(3)));
}

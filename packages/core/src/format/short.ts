/** A number in few characters: 0.0034567 → `0.00346`, 12345 → `12.3 k`, 2.5e6 → `2.5 M`. */
export function formatShort(value: number): string {
  const size = Math.abs(value);
  if (value === 0) return "0";
  if (size >= 1e6) return `${Number((value / 1e6).toPrecision(3))} M`;
  if (size >= 1e4) return `${Number((value / 1e3).toPrecision(3))} k`;
  if (size < 1e-3) return value.toExponential(0);
  return String(size >= 100 ? Math.round(value) : Number(value.toPrecision(3)));
}

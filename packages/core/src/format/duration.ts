/** From here on hours mean nothing to a reader: two days. */
const DAYS_FROM = 48 * 3600;

/** A time in its two largest units: 75 → `1 m 15 s`; from two days on in days; `–` for what is not a number of seconds yet. */
export function formatDuration(seconds: number): string {
  if (!Number.isFinite(seconds)) return "–";
  const whole = Math.max(0, Math.round(seconds));
  if (whole >= DAYS_FROM) return `${Math.round(whole / 86_400).toLocaleString("en-US")} days`;
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60)];
  if (hours > 0) return `${hours} h ${minutes} m`;
  return minutes > 0 ? `${minutes} m ${whole % 60} s` : `${whole} s`;
}

const SCALES = [
  { unit: "second", seconds: 1, below: 90 },
  { unit: "minute", seconds: 60, below: 90 },
  { unit: "hour", seconds: 3600, below: 48 },
  { unit: "day", seconds: 86_400, below: 1000 },
  { unit: "year", seconds: 365.25 * 86_400, below: Number.POSITIVE_INFINITY },
];

/** An estimated time in words, as exact as an estimate is: 170 → `about 3 minutes`, 4.45e7 → `about 515 days`. */
export function formatEstimate(seconds: number): string {
  const { unit, seconds: size } = SCALES.find((scale) => seconds / scale.seconds < scale.below)!;
  const count = Math.max(1, Math.round(seconds / size));
  return `about ${count.toLocaleString("en-US")} ${unit}${count === 1 ? "" : "s"}`;
}

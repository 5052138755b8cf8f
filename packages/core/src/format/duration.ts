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

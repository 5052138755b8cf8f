/** 75 → `1 m 15 s`; what is not a number of seconds yet → `–`. */
export function formatDuration(seconds: number): string {
  if (!Number.isFinite(seconds)) return "–";
  const whole = Math.max(0, Math.round(seconds));
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60)];
  if (hours > 0) return `${hours} h ${minutes} m`;
  return minutes > 0 ? `${minutes} m ${whole % 60} s` : `${whole} s`;
}

/** 51.23, "images" → `51 images/s`. */
export function formatRate(perSecond: number, unit: string): string {
  return `${perSecond >= 10 ? Math.round(perSecond) : perSecond.toPrecision(2)} ${unit}/s`;
}

/** 2866563 → `2,866,563`. */
export function formatCount(count: number): string {
  return count.toLocaleString("en-US");
}

/** 1, "picture" → `1 picture`; 2000 → `2,000 pictures`. */
export function countOf(count: number, what: string): string {
  return `${formatCount(count)} ${what}${count === 1 ? "" : "s"}`;
}

/** 4000 → `4,000`, 5.333 → `5.33`: as many digits as tell something. */
export function formatShare(value: number): string {
  return value >= 100 ? formatCount(Math.round(value)) : String(Number(value.toPrecision(3)));
}

/** 1.5e6 → `1.5 MB`. */
export function formatBytes(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  const power = bytes > 0 ? Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3)) : 0;
  return `${(bytes / 1000 ** power).toPrecision(3)} ${units[power]}`;
}

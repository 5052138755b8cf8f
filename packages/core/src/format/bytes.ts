const UNITS = ["B", "kB", "MB", "GB", "TB"];

/** Bytes with three digits, in powers of 1000 (SI): 1.5e6 → `1.5 MB`. */
export function formatBytes(bytes: number): string {
  const power = bytes > 0 ? Math.floor(Math.log10(Number(bytes.toPrecision(3))) / 3) : 0;
  const unit = Math.min(UNITS.length - 1, Math.max(0, power));
  return `${Number((bytes / 1000 ** unit).toPrecision(3))} ${UNITS[unit]}`;
}

const UNITS = ["bytes", "kB", "MB", "GB"] as const;

/** Bytes as people say them: 512 bytes, 12.3 kB, 256 MB; a kB has 1024. */
export function bytesInWords(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(3, Math.floor(Math.log2(bytes) / 10));
  return `${Number((bytes / 2 ** (10 * power)).toPrecision(3))} ${UNITS[power]}`;
}

import type { Publication } from "./published.ts";
import type { Trial } from "./trials.ts";

const HEAD = ["package", "version", "packed", "unpacked", "files", "consumers"];

/** A table of what was published: sizes, files, and the consumers that installed it and passed. */
export function tableOf(publications: readonly Publication[], trials: readonly Trial[]): string {
  const kilobytes = (bytes: number): string => `${Math.round(bytes / 1000)} kB`;
  const rows = publications.map(({ name, version, packedBytes, unpackedBytes, files }) => {
    const tried = trials.filter(({ packages }) => packages.has(name)).map((trial) => trial.name);
    const sizes = [kilobytes(packedBytes), kilobytes(unpackedBytes), String(files)];
    return [name, version, ...sizes, tried.join(" ") || "none"];
  });
  const widths = HEAD.map((head, i) => Math.max(head.length, ...rows.map((row) => row[i]!.length)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => (i >= 2 && i <= 4 ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!)))
      .join("  ")
      .trimEnd();
  return [HEAD, ...rows].map(line).join("\n");
}

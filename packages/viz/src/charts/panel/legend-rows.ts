import { textWidth } from "./fit-text.ts";

/** Mark, gaps and padding around a legend's text, in pixels. */
const AROUND = 48;

/** Legend entries in rows that fit the width, in order; an entry wider than that has a row of its own. */
export function legendRows(names: readonly string[], width: number): string[][] {
  const rows: string[][] = [];
  let used = Number.POSITIVE_INFINITY;
  for (const name of names) {
    const wide = textWidth(name, 12) + AROUND;
    if (used + wide > width) {
      rows.push([]);
      used = 0;
    }
    rows.at(-1)!.push(name);
    used += wide;
  }
  return rows;
}

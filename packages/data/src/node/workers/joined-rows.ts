import type { Rows } from "../../stream/rows.ts";

/** Rows one after the other. */
export function joinedRows(parts: readonly Rows[]): Rows {
  const [first] = parts;
  if (parts.length === 1) return first!;
  const data = joined(parts.map((part) => part.data));
  return first?.augmentLabels
    ? { data, augmentLabels: joined(parts.map((part) => part.augmentLabels!)) }
    : { data };
}

function joined(arrays: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(arrays.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const array of arrays) {
    all.set(array, at);
    at += array.length;
  }
  return all;
}

import { areSplits } from "./split-name.ts";

/** Names of the columns of lists, tables and JSON that may give each image its split, the first one first. */
export const SPLIT_COLUMNS: readonly string[] = "split splits set subset partition phase usage fold".split(
  " ",
);

/** How programs write a value that is missing. */
const MISSING = /^(nan|null|n\/a)$/i;

/** A column's name as names are compared: without capitals, blanks and marks. */
export function columnKey(name: string): string {
  return name.toLowerCase().replaceAll(/[\s_.-]/g, "");
}

/** A value without blanks at its ends; undefined where it is empty, `NaN`, `null` or `n/a`. */
export function presentValue(given: string | undefined): string | undefined {
  const text = given?.trim();
  return text === undefined || text === "" || MISSING.test(text) ? undefined : text;
}

/** Whether the values of a column are names of splits, those that are missing left out. */
export function isSplitColumn(values: readonly (string | undefined)[]): boolean {
  return areSplits(values.map(presentValue).filter((value) => value !== undefined));
}

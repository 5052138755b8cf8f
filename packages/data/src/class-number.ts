import { areNumbers } from "./class-order.ts";

/**
 * Which classes a name or number means; the one rule for `--label`, `--classes`, `data.classes` and lists:
 *
 * 1. the class of that name,
 * 2. else the class that has it as one of several names, parted by commas (`goldfish, Carassius auratus`),
 * 3. else, where all classes are called by whole numbers, the class of that value (`2` is `02`),
 * 4. else the label, from 0, where the classes have other names.
 *
 * @param classes names by label
 * @returns labels: one, none, or several where the name is ambiguous
 */
export function classNumbers(wanted: string | number, classes: readonly string[]): number[] {
  const matches = (same: (name: string) => boolean): number[] =>
    classes.flatMap((name, label) => (same(name) ? [label] : []));
  const text = String(wanted);
  const exact = matches((name) => name === text);
  if (exact.length > 0) return exact;
  const parts = matches((name) => name.split(/,\s*/).includes(text));
  if (parts.length > 0) return parts;
  if (!/^\d{1,15}$/.test(text)) return [];
  const number = Number(text);
  if (areNumbers(classes)) return matches((name) => Number(name) === number);
  return number < classes.length ? [number] : [];
}

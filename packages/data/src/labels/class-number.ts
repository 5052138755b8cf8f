import { nearest } from "@ddpm/core/authoring";
import { areNumbers } from "./class-order.ts";

/**
 * Which classes a name or number means; the one rule for `--label`, `--classes`, `data.classes` and lists:
 *
 * 1. the class of that name,
 * 2. else the class that has it as one of several names, parted by commas (`goldfish, Carassius auratus`),
 * 3. else, where all classes are called by whole numbers, the class of that value (`2` is `02`),
 * 4. else the label, from 0, where the classes have other names or none.
 *
 * @param classes names by label
 * @param count   number of classes, where some have no name; default: the number of names
 * @returns labels: one, none, or several where the name is ambiguous
 */
export function classNumbers(
  wanted: string | number,
  classes: readonly string[],
  count: number = classes.length,
): number[] {
  const matches = (same: (name: string) => boolean): number[] =>
    classes.flatMap((name, label) => (same(name) ? [label] : []));
  const text = String(wanted);
  const exact = matches((name) => name === text);
  if (exact.length > 0) return exact;
  const parts = matches((name) => name.split(/,\s*/).includes(text));
  if (parts.length > 0) return parts;
  if (!/^\d{1,15}$/.test(text)) return [];
  const number = Number(text);
  if (!takesLabels(classes)) return matches((name) => Number(name) === number);
  return number < count ? [number] : [];
}

/** Whether a number is a label: not where classes are called by numbers other than their labels. */
function takesLabels(classes: readonly string[]): boolean {
  return !areNumbers(classes) || classes.every((name, label) => Number(name) === label);
}

/** Class names that a message lists. */
const LISTED = 12;

/**
 * The one class that a name or number means, by the rule of {@link classNumbers}.
 *
 * @param refuse throws for a name that no class has, or several: what is wrong, and what to do
 */
export function classNumber(
  wanted: string | number,
  { classes, count = classes.length }: { readonly classes: readonly string[]; readonly count?: number },
  refuse: (what: string, hint?: string) => never,
): number {
  const found = classNumbers(wanted, classes, count);
  if (found.length === 1) return found[0]!;
  if (found.length > 1)
    return refuse(
      `has ${found.length} classes called ${wanted}`,
      `Ask for one by number: ${found.join(", ")}.`,
    );
  const range = count > 0 ? `a number from 0 to ${count - 1}` : "a number";
  if (classes.length === 0)
    return refuse(`has no class ${JSON.stringify(wanted)} (its classes have no names), expected ${range}`);
  const some = classes.slice(0, LISTED).join("; ") + (classes.length > LISTED ? " …" : "");
  const listed = areNumbers(classes) && count <= classes.length;
  const numbers = takesLabels(classes) && !listed ? `, or ${range}` : "";
  const names = classes.flatMap((name) => [name, ...name.split(/,\s*/)]);
  const close = /\d/.test(String(wanted)) ? undefined : nearest(String(wanted), names);
  return refuse(`has no class ${JSON.stringify(wanted)}, expected one of ${some}${numbers}`, close);
}

import { type Made, makeSchedule } from "../../model/schedule-entry.ts";
import type { Entry } from "./settings.ts";

/** A schedule of the list, made or not, with its label and colour. */
export interface Shown {
  readonly label: string;
  readonly made: Made;
  readonly colour: number;
}

/** Schedules of one name are distinguished by number. */
export function shownOf(entries: readonly Entry[]): Shown[] {
  return entries.map(({ name, options }, index) => {
    const before = entries.slice(0, index).filter((other) => other.name === name).length;
    return {
      label: before > 0 ? `${name} ${before + 1}` : name,
      made: makeSchedule(name, options),
      colour: index,
    };
  });
}

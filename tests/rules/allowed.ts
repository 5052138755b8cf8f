import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./sources.ts";

/**
 * Compares what a rule finds with the list of what it still allows: lines `count place`, which may only shrink.
 * `UPDATE_ALLOWED=1` rewrites the list with what is left of it.
 *
 * @param rule  the list's file in `tests/rules/allowed`, without `.txt`
 * @param found how often the rule is broken at each place
 * @returns one line per place where it is broken more often than allowed
 */
export function beyondAllowed(rule: string, found: ReadonlyMap<string, number>): string[] {
  const file = join(root, "tests", "rules", "allowed", `${rule}.txt`);
  const allowed = new Map<string, number>();
  for (const line of existsSync(file) ? readFileSync(file, "utf8").split("\n") : []) {
    const [count, ...place] = line.split(" ");
    if (place.length > 0) allowed.set(place.join(" "), Number(count));
  }
  if (process.env.UPDATE_ALLOWED) {
    const left = [...found]
      .map(([place, count]): [string, number] => [place, Math.min(count, allowed.get(place) ?? 0)])
      .filter(([, count]) => count > 0)
      .sort(([a], [b]) => (a < b ? -1 : 1));
    writeFileSync(file, left.map(([place, count]) => `${count} ${place}\n`).join(""));
  }
  return [...found]
    .filter(([place, count]) => count > (allowed.get(place) ?? 0))
    .map(([place, count]) => `${place}: ${count}, allowed ${allowed.get(place) ?? 0}`);
}

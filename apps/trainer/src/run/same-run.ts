import { fail } from "@ddpm/core";
import type { RunConfig } from "../config/schema.ts";

/** What may differ when a run goes on: how long it goes, what it is called, how it saves memory and prepares images. */
const FREE = new Set([
  "name",
  "about",
  "train.images",
  "train.minutes",
  "train.recompute",
  ...["workers", "prefetch", "cache", "memory", "concurrency"].map((setting) => `data.${setting}`),
]);

/**
 * Checks that going on with `wanted` continues the run that was begun with `begun`.
 *
 * @throws DdpmError naming every setting that differs
 */
export function checkSameRun(begun: RunConfig, wanted: RunConfig): void {
  const before = flatten(begun);
  const now = flatten(wanted);
  const names = [...new Set([...before.keys(), ...now.keys()])];
  const differing = names.filter((name) => !FREE.has(name) && before.get(name) !== now.get(name));
  if (differing.length === 0) return;
  const changes = differing.map(
    (name) => `${name} was ${before.get(name) ?? "absent"}, is ${now.get(name) ?? "absent"}`,
  );
  fail(
    "run",
    `this run was begun with other settings: ${changes.join("; ")}.`,
    "Start another with --out, or leave the settings out.",
  );
}

function flatten(value: unknown, path = "", found = new Map<string, string>()): Map<string, string> {
  if (typeof value !== "object" || value === null) return found.set(path, JSON.stringify(value));
  for (const [key, inner] of Object.entries(value)) flatten(inner, path ? `${path}.${key}` : key, found);
  return found;
}

import { fail } from "@ddpm/core";
import type { RunConfig } from "@ddpm/runs";

/** What may differ when a run goes on, and changes no bit of it: how it saves memory and prepares images. */
const MACHINERY = [
  "train.recompute",
  ...["workers", "prefetch", "cache", "memory", "concurrency"].map((setting) => `data.${setting}`),
];
/** Where images lie and how they are found: which they are is told by the fingerprint of their stream. */
const PLACE = ["source", "format", "set", "split", "labels"].map((setting) => `data.${setting}`);
/** What may differ besides: how long it goes, how often it may go back, and what it is called. */
const FREE = new Set([
  "name",
  "about",
  "train.images",
  "train.minutes",
  "train.rescues",
  ...PLACE,
  ...MACHINERY,
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

/** What is known of images that a run is to go on with. */
export interface GivenImages {
  readonly fingerprint: string;
  readonly shape: readonly number[];
  readonly length: number;
  /** They are decoded from pictures, which browsers do in another way. */
  readonly decodes: boolean;
}

/**
 * Whether images are those that a checkpoint tells of: the same to the bit, alike as far as can be told (pictures that a
 * browser decoded, as many and as large: neither it nor this command can see the other's pixels), or others.
 *
 * @param meta the checkpoint's notes
 */
export function sameImages(
  meta: Readonly<Record<string, unknown>>,
  given: GivenImages,
): "same" | "alike" | "others" {
  if (meta.stream === given.fingerprint) return "same";
  const alike = meta.length === given.length && JSON.stringify(meta.shape) === JSON.stringify(given.shape);
  return meta.reader === "browser" && given.decodes && alike ? "alike" : "others";
}

function flatten(value: unknown, path = "", found = new Map<string, string>()): Map<string, string> {
  if (typeof value !== "object" || value === null) return found.set(path, JSON.stringify(value));
  for (const [key, inner] of Object.entries(value)) flatten(inner, path ? `${path}.${key}` : key, found);
  return found;
}

/** The configuration without what changes no bit of a run: what a checkpoint says of it. */
export function lasting(config: RunConfig): object {
  const without = (value: unknown, path: string): unknown => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
    const kept = Object.entries(value).flatMap(([key, inner]) => {
      const at = path ? `${path}.${key}` : key;
      return MACHINERY.includes(at) ? [] : [[key, without(inner, at)] as const];
    });
    return Object.fromEntries(kept);
  };
  return without(config, "") as object;
}

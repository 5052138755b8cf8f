import { fail } from "@ddpm/core";
import type { RunConfig } from "../config/schema.ts";

/** Settings that may differ when a run resumes and that change no bit of it: how it saves memory and prepares images. */
const MACHINERY = [
  "latent.cache",
  "train.recompute",
  ...["workers", "prefetch", "cache", "memory", "concurrency"].map((setting) => `data.${setting}`),
];
/** Where images are stored and how they are found: the fingerprint of their stream identifies them. */
const PLACE = ["source", "format", "set", "split", "labels"].map((setting) => `data.${setting}`);
/** What else may differ: its length, its number of recoveries, its name. */
const FREE = new Set([
  "name",
  "about",
  "train.images",
  "train.minutes",
  "train.recoveries",
  ...PLACE,
  // The hash of its weights identifies an autoencoder.
  "latent.autoencoder",
  ...MACHINERY,
]);

/**
 * Checks that resuming with `wanted` continues the run that was begun with `begun`.
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
    "runs/same-run",
    `this run was begun with other settings: ${changes.join("; ")}.`,
    "Begin another run in another folder, or leave the settings out.",
  );
}

/** What is known of the images with which a run is to resume. */
export interface GivenImages {
  readonly fingerprint: string;
  readonly shape: readonly number[];
  readonly length: number;
  /** They are decoded from image files, which browsers do in another way. */
  readonly decodes: boolean;
}

/**
 * Whether images are those of a checkpoint: the same to the bit, alike as far as is known (images that a browser decoded, of the
 * same number and size: neither program sees the other's pixels), or others.
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

/** The configuration without the settings that change no bit of a run: what a checkpoint records. */
export function lastingConfig(config: RunConfig): object {
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

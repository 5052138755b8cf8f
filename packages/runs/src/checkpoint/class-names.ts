import type { RunStorage } from "../storage/storage.ts";
import { checkpointPath, listCheckpoints } from "./layout.ts";
import { readManifest } from "./manifest.ts";
import type { CheckpointMeta } from "./types.ts";

/** The class names in the notes of a checkpoint, by label; undefined where they are unknown. */
export function classNamesIn({ classNames }: CheckpointMeta): readonly string[] | undefined {
  return Array.isArray(classNames) ? classNames.map(String) : undefined;
}

/**
 * The class names of a run, by label; undefined where they are unknown.
 *
 * @param images images seen at the checkpoint that has them; default: the newest
 */
export async function classNamesOf(run: RunStorage, images?: number): Promise<readonly string[] | undefined> {
  const at = images ?? (await listCheckpoints(run)).at(-1);
  if (at === undefined) return undefined;
  const manifest = await readManifest(run, checkpointPath(at)).catch(() => undefined);
  return manifest && classNamesIn(manifest.meta);
}

/**
 * A warning where labels mean other classes than before: a network knows its classes by number.
 *
 * @param run whose weights know the classes by their names before
 * @returns nothing where all names that both have are the same
 */
export function renamedClasses(
  before: readonly string[] | undefined,
  now: readonly string[] | undefined,
  run: string,
): string | undefined {
  const differing = (before ?? []).flatMap((name, label) => {
    const other = now?.[label];
    return other === undefined || other === name ? [] : [`class ${label} was "${name}", is "${other}"`];
  });
  if (differing.length === 0) return undefined;
  const more = differing.length > LISTED ? ` and ${differing.length - LISTED} more` : "";
  return `warning: other class names than in ${run}, whose weights know classes by number: ${differing.slice(0, LISTED).join("; ")}${more}.`;
}

/** Names that a warning lists. */
const LISTED = 3;

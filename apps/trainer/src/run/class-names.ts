import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type CheckpointMeta, checkpointPath, listCheckpoints } from "@ddpm/runs";
import { fsStorage } from "@ddpm/runs/node";
import { checkpointOf, type Start } from "./start.ts";

/** The class names that a checkpoint keeps, by label; undefined where they are unknown. */
export function classNamesIn({ classNames }: CheckpointMeta): readonly string[] | undefined {
  return Array.isArray(classNames) ? classNames.map(String) : undefined;
}

/** The class names of the run that another one begins with; undefined where they are unknown. */
export function classNamesOfStart(start: Start): Promise<readonly string[] | undefined> {
  return classNamesAt(checkpointOf(start));
}

/** The class names in the newest checkpoint of a run; undefined where they are unknown. */
export async function classNamesOfRun(run: string): Promise<readonly string[] | undefined> {
  const newest = (await listCheckpoints(fsStorage(run))).at(-1);
  return newest === undefined ? undefined : classNamesAt(join(run, checkpointPath(newest)));
}

async function classNamesAt(checkpoint: string): Promise<readonly string[] | undefined> {
  const text = await readFile(join(checkpoint, "state.json"), "utf8").catch(() => "{}");
  return classNamesIn((JSON.parse(text) as { readonly meta?: CheckpointMeta }).meta ?? {});
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

import { stat } from "node:fs/promises";
import { join } from "node:path";
import { fail } from "@ddpm/core";
import { isSplitName } from "../names.ts";
import { readable } from "./files.ts";
import { type Place, placeAt } from "./place.ts";

/**
 * Steps into one split of a folder whose folders are all called train, val, test …, so that these do not become
 * classes: the named one, else the training one. Any other folder is taken as it is.
 *
 * @throws DdpmError for a split that is not there
 */
export async function enterSplit(
  place: Place,
  split: string | undefined,
): Promise<{ place: Place; split?: string }> {
  const kinds = await Promise.all(
    place.names.map(async (name) =>
      (await readable(join(place.path, name), (path) => stat(path))).isDirectory(),
    ),
  );
  const folders = place.names.filter((_, i) => kinds[i]);
  const divided = folders.length > 0 && folders.every(isSplitName);
  if (!divided && split === undefined) return { place };
  const chosen = folders.find((name) =>
    split === undefined ? name.toLowerCase().startsWith("train") : name === split,
  );
  if (chosen === undefined) {
    const wanted = split === undefined ? "train" : JSON.stringify(split);
    const has = folders.length > 0 ? `expected one of ${folders.join(", ")}` : "it has no folders at all";
    return fail("data/images", `${place.path} has no folder ${wanted}: ${has}.`, "Set split to choose one.");
  }
  return { place: await placeAt(join(place.path, chosen)), split: chosen };
}

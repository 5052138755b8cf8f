import { fail } from "@ddpm/core";
import { isHidden, isImageName } from "../names.ts";
import type { ArchiveEntry } from "./entry.ts";

/** A picture of a WebDataset shard, and what is said about it. */
export interface Sample {
  /** Name without endings. */
  readonly key: string;
  readonly picture: ArchiveEntry;
  /** The other files of the same key, by ending: `cls`, `json`, `txt` … */
  readonly about: ReadonlyMap<string, ArchiveEntry>;
}

/**
 * The samples of a shard, in its order: files next to each other whose names are the same up to the first dot of the
 * last part. Those without a picture are passed over.
 *
 * Source: WebDataset, "The WebDataset Format".
 *
 * @throws DdpmError naming a shard whose sample has two pictures, or a link for one
 */
export function samplesOf(entries: readonly ArchiveEntry[], shard: string): Sample[] {
  const groups = new Map<string, Map<string, ArchiveEntry>>();
  for (const entry of entries) {
    const [, key, ending] = /^((?:.*\/)?[^/.]+)\.([^/]+)$/.exec(entry.name) ?? [];
    if (key === undefined || ending === undefined || key.split("/").some(isHidden)) continue;
    if (!groups.has(key)) groups.set(key, new Map());
    groups.get(key)!.set(ending.toLowerCase(), entry);
  }
  return [...groups].flatMap(([key, about]) => {
    const pictures = [...about.values()].filter(({ name }) => isImageName(name));
    if (pictures.length === 0) return [];
    if (pictures.length > 1 || pictures[0]!.link)
      fail(
        "data/webdataset",
        `${shard}: ${key} has ${pictures.length > 1 ? "two pictures" : "a link for a picture"}.`,
      );
    return [{ key, picture: pictures[0]!, about }];
  });
}

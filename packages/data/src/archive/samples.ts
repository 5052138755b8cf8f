import { fail } from "@ddpm/core";
import type { ListedFile } from "../listing/listing.ts";
import { isImageName } from "../pictures/picture-names.ts";

/** A picture of a WebDataset shard, and the files about it. */
export interface Sample {
  /** Name without endings. */
  readonly key: string;
  readonly picture: ListedFile;
  /** The other files of the same key, by ending: `cls`, `json`, `txt` … */
  readonly about: ReadonlyMap<string, ListedFile>;
}

/** A name's key, and its endings. Source: WebDataset, "The WebDataset Format". */
export function sampleKey(name: string): readonly [key: string, ending: string] | undefined {
  const [, key, ending] = /^((?:.*\/)?[^/.]+)\.([^/]+)$/.exec(name) ?? [];
  return key === undefined || ending === undefined ? undefined : [key, ending.toLowerCase()];
}

/**
 * The samples of a shard, in the order in which their first files are stored: files, wherever they are stored, whose
 * names are the same up to the first dot of the last part. Those without a picture are passed over.
 *
 * @throws DdpmError naming a shard whose sample has two pictures, or a link for one
 */
export function samplesOf(files: readonly ListedFile[], shard: string): Sample[] {
  const groups = new Map<string, Map<string, ListedFile>>();
  for (const file of files.toSorted((a, b) => a.at - b.at)) {
    const [key, ending] = sampleKey(file.name) ?? [];
    if (key === undefined || ending === undefined) continue;
    if (!groups.has(key)) groups.set(key, new Map());
    groups.get(key)!.set(ending, file);
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

import { rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { type DownloadOptions, download } from "./download.ts";
import type { PublishedSet } from "./published-set.ts";
import { unpack } from "./unpack.ts";

/** How {@link fetchSet} works. */
export interface FetchOptions extends Omit<DownloadOptions, "folder" | "progress"> {
  /** The set's folder is made in this one. */
  readonly folder: string;
  /** Keep the archive next to what was unpacked; false. */
  readonly keep?: boolean | undefined;
  /** Called with what happens: which file, how far. */
  readonly progress?: ((event: FetchProgress) => void) | undefined;
}

/** How far a fetch is. */
export interface FetchProgress {
  readonly file: string;
  readonly doing: "download" | "unpack";
  readonly done: number;
  readonly total: number | undefined;
}

/**
 * Downloads a data set from its publisher, checks it, and unpacks archives; nothing where it is there already.
 *
 * @returns the folder, as `openDataset` takes it
 * @throws DdpmError when a file cannot be had (with what to do by hand), or an archive holds what it must not
 */
export async function fetchSet(set: PublishedSet, options: FetchOptions): Promise<string> {
  const { folder, progress, keep = false, ...how } = options;
  const target = join(folder, set.unpack?.folder ?? set.name);
  const there = await stat(join(target, set.proof)).catch(() => undefined);
  if (set.unpack && there) return target;
  for (const file of set.files) {
    const path = await download(file, {
      ...how,
      folder: set.unpack ? folder : target,
      progress: (done, total) => progress?.({ file: file.name, doing: "download", done, total }),
    });
    if (!set.unpack) continue;
    progress?.({ file: file.name, doing: "unpack", done: 0, total: undefined });
    await unpack(path, target, set.unpack);
    if (!keep) await rm(path);
  }
  return target;
}

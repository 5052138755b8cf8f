import { blobSource } from "../bytes/byte-source.ts";
import type { PackedFile } from "../listing/archive-listing.ts";
import { type Contents, fileContents } from "../listing/contents.ts";
import { kindOf } from "../listing/kind.ts";
import { type ListedFile, type Listing, listingOf } from "../listing/listing.ts";
import { baseOf } from "../listing/name-form.ts";
import { isHidden } from "../pictures/picture-names.ts";
import type { GivenFile } from "./given-files.ts";

/** Most bytes of a gzipped TAR, unpacked: it has no places to read from, so all of it is in memory. */
const LARGEST_TAR: number = 2 ** 30;

/**
 * What a page's files are: a folder, one file, or the archive that the one file is.
 *
 * @param name what the set is called; the folder's or file's name unless given
 * @throws DdpmError for an archive that is damaged, or names that lead outside or are there twice
 */
export async function givenContents(
  files: readonly GivenFile[],
  name: string | undefined,
): Promise<Contents> {
  const seen = files.filter(({ path }) => !path.split(/[\\/]/).some(isHidden));
  const top = topOf(seen);
  const [only] = seen;
  if (seen.length !== 1 || top !== "" || !only) {
    const listing = folderListing(seen, top, name);
    return { listing, kind: kindOf(listing) };
  }
  const stem = baseOf(only.path)
    .replace(/\.gz$/i, "")
    .replace(/\.[^.]*$/, "");
  const alone = oneFile(only, name ?? (stem || only.path));
  const found = await fileContents(packedFile(only), alone, { memory: LARGEST_TAR });
  return name === undefined ? found : { ...found, listing: { ...found.listing, name } };
}

/** A file's bytes from front to back. */
function packedFile({ path, blob }: GivenFile): PackedFile {
  return { source: blobSource(path, blob), stream: () => blob.stream() };
}

/** The folder that all files are in, with `/`; empty where there is none. */
function topOf(files: readonly GivenFile[]): string {
  const top = files[0]?.path.replaceAll("\\", "/").match(/^[^/]+\//)?.[0] ?? "";
  return files.every(({ path }) => path.replaceAll("\\", "/").startsWith(top)) ? top : "";
}

function folderListing(files: readonly GivenFile[], top: string, name: string | undefined): Listing {
  const folder = top.slice(0, -1);
  const whole = {
    name: name ?? (folder || "images"),
    path: folder || `files (${files[0]?.path} …)`,
    kind: "folder",
    called: ({ stored }: Pick<ListedFile, "stored">) => `${top}${stored}`,
  } as const;
  return listingOf(
    whole,
    files.map((file) => storedFile(file, file.path.slice(top.length))),
  );
}

function oneFile(file: GivenFile, name: string): Listing {
  const stored = storedFile(file, file.path);
  const files = [{ ...stored, name: file.path, at: 0 }];
  return { name, path: file.path, kind: "file", called: () => file.path, files };
}

function storedFile({ path, blob }: GivenFile, stored: string): Omit<ListedFile, "name" | "at"> {
  return {
    stored,
    size: blob.size,
    ...("lastModified" in blob ? { changed: Number(blob.lastModified) } : {}),
    bytes: async () => new Uint8Array(await blob.arrayBuffer()),
    source: async () => blobSource(path, blob),
    stream: () => blob.stream(),
  };
}

import { isGzip } from "../bytes/gunzip.ts";
import {
  type ArchiveTools,
  archiveListing,
  headOf,
  type PackedFile,
  unpackedFiles,
  unpackedHead,
} from "./archive-listing.ts";
import { type Kind, kindOf, kindOfFile } from "./kind.ts";
import type { Listing } from "./listing.ts";
import { refusePacking } from "./refused/refused-packing.ts";

/** A listing, and what its files are. */
export interface Contents {
  readonly listing: Listing;
  /** Undefined for nothing that is known. */
  readonly kind: Kind | undefined;
}

/**
 * The contents of a single file: those of the archive that it is, else the file by itself.
 *
 * @param alone a listing of the file
 * @throws DdpmError for an archive that is damaged, or names that lead outside or are there twice
 */
export async function fileContents(file: PackedFile, alone: Listing, tools: ArchiveTools): Promise<Contents> {
  const unpacked = await unpackedFiles(file, tools);
  if (unpacked) {
    const inside = archiveListing(alone.path, unpacked);
    const listing = {
      ...inside,
      ...(alone.above ? { above: [inside.name, alone.above[0]] as const } : {}),
      ...(alone.aside ? { aside: alone.aside } : {}),
    };
    return { listing, kind: kindOf(listing) };
  }
  const head = await headOf(file.source);
  const inner = isGzip(head) ? await unpackedHead(file) : head;
  const kind = kindOfFile(alone.files[0]!, head, inner);
  if (kind === undefined) refusePacking(alone.path, head, inner);
  return { listing: alone, kind };
}

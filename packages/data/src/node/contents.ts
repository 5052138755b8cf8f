import { createReadStream } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { Readable } from "node:stream";
import { type Contents, fileContents } from "../listing/contents.ts";
import { kindOf } from "../listing/kind.ts";
import { type ListedFile, type Listing, listingOf, type StoredFile } from "../listing/listing.ts";
import { fileSource } from "./file-source.ts";
import { bytesOf, type FoundFile, fileAt, filesBelow } from "./files.ts";
import { unpacked } from "./zip-entries.ts";

/** Everything at a path, and what it is. @throws DdpmError as `Place.contents` does */
export async function contentsOf(path: string, kind: "file" | "folder", memory: number): Promise<Contents> {
  if (kind === "folder") {
    const listing = folderListing(path, await filesBelow(path));
    return { listing, kind: kindOf(listing) };
  }
  const alone = await fileListing(path);
  const file = { source: await fileSource(path), stream: () => streamOf(path) };
  return fileContents(file, alone, { memory, unpack: unpacked });
}

/** A file on disk from front to back. */
function streamOf(path: string): ReadableStream<Uint8Array> {
  return Readable.toWeb(createReadStream(path, { highWaterMark: 2 ** 18 })) as ReadableStream<Uint8Array>;
}

function folderListing(folder: string, files: readonly FoundFile[]): Listing {
  const whole = {
    name: basename(folder),
    path: folder,
    kind: "folder",
    onDisk: true,
    above: [basename(folder), basename(dirname(folder))],
    called: ({ stored }: Pick<ListedFile, "stored">) => join(folder, stored),
    aside: (name: string) => aside(folder, name),
  } as const;
  return listingOf(
    whole,
    files.map((file) => storedFile(folder, file)),
  );
}

async function fileListing(path: string): Promise<Listing> {
  const [folder, file] = [dirname(path), await fileAt(path)];
  const stem = basename(path)
    .replace(/\.gz$/i, "")
    .replace(/\.[^.]*$/, "");
  const whole = {
    name: stem || basename(path),
    path,
    kind: "file",
    onDisk: true,
    above: [basename(folder), basename(dirname(folder))],
    called: () => path,
    neighbours: async () => folderListing(folder, await filesBelow(folder, 1)),
    aside: (name: string) => aside(folder, name),
  } as const;
  const stored = { ...storedFile(folder, file) };
  return { ...whole, files: [{ ...stored, name: basename(path), at: 0 }] };
}

function storedFile(folder: string, { path, size, changed }: FoundFile): StoredFile {
  return {
    stored: path,
    size,
    changed,
    bytes: () => bytesOf(join(folder, path)),
    source: () => fileSource(join(folder, path)),
    stream: () => streamOf(join(folder, path)),
  };
}

async function aside(folder: string, name: string): Promise<{ called: string; bytes: Uint8Array }> {
  const called = resolve(folder, name);
  return { called, bytes: await bytesOf(called) };
}

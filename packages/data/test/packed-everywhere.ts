import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { type Header, pack } from "tar-stream";
import { type OpenedDataset, openDataset } from "../src/node/index.ts";
import { folderOf } from "./temporary-folder.ts";
import { zipBytes } from "./zip-bytes.ts";

/** Files by their path, text or bytes. */
export type Files = Readonly<Record<string, Uint8Array | string>>;
const bytesOf = (content: Uint8Array | string): Uint8Array =>
  typeof content === "string" ? new TextEncoder().encode(content) : Uint8Array.from(content);

/** A TAR of these files. */
export async function tarBytes(files: Files): Promise<Uint8Array> {
  const tar = pack();
  for (const [name, content] of Object.entries(files)) {
    const header: Partial<Header> & { name: string } = { name };
    tar.entry(header, Buffer.from(bytesOf(content)));
  }
  tar.finalize();
  const chunks: Uint8Array[] = [];
  for await (const chunk of tar) chunks.push(chunk as Uint8Array);
  return Uint8Array.from(Buffer.concat(chunks));
}

/** A ZIP of these files. */
export const zipped = (files: Files): Uint8Array =>
  zipBytes(Object.fromEntries(Object.entries(files).map(([name, content]) => [name, bytesOf(content)])));

/** The same files as a folder, a ZIP, a TAR and a gzipped TAR whose name says nothing. */
export async function everywhere(files: Files, options: object = {}): Promise<OpenedDataset[]> {
  const tar = await tarBytes(files);
  const packed = await folderOf({ "a.zip": zipped(files), "b.tar": tar, c: gzipSync(tar) });
  const paths = [await folderOf(files), ...["a.zip", "b.tar", "c"].map((name) => join(packed, name))];
  return Promise.all(paths.map((path) => openDataset(path, options)));
}

/** Number of images, classes and labels of a data set. */
export const seen = ({ length, classes, labels }: OpenedDataset): unknown[] => [
  length,
  classes,
  labels && Array.from(labels),
];
/** What was there and is not used, e.g. `2 .bmp files`. */
export const left = ({ notUsed = [] }: { readonly notUsed?: OpenedDataset["notUsed"] }): string[] =>
  notUsed.map(({ what, count }) => `${count} ${what}`).sort();

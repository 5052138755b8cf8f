import { fail } from "@ddpm/core";
import type { ByteSource } from "../bytes/byte-source.ts";
import { isHidden } from "../pictures/picture-names.ts";
import { nameInOneForm } from "./name-form.ts";

/** A file before its name was looked at. */
export interface StoredFile {
  /** As it is stored, from the top of the folder or archive. */
  readonly stored: string;
  /** Bytes when unpacked. */
  readonly size: number;
  /** A link to another file, which is never followed. */
  readonly link?: boolean;
  /** When it was last written, in milliseconds. */
  readonly changed?: number;
  /** All bytes. @throws DdpmError naming the file */
  bytes(): Promise<Uint8Array>;
  /** The bytes, to be read from any place. */
  source(): Promise<ByteSource>;
  /** The bytes from front to back. */
  stream(): ReadableStream<Uint8Array>;
}

/** A file of a {@link Listing}. */
export interface ListedFile extends StoredFile {
  /** From the top, in one form: see `nameInOneForm`. */
  readonly name: string;
  /** Its place in the order in which files are stored. */
  readonly at: number;
}

/** All that a folder, an archive or a page's files hold: what every convention of data sets is read from. */
export interface Listing {
  /** What the set is called: the folder, or the file without its endings. */
  readonly name: string;
  /** Absolute path, or what messages call the whole. */
  readonly path: string;
  readonly kind: "folder" | "archive" | "file";
  /** How an archive is packed. */
  readonly packing?: "zip" | "tar";
  /** Sorted by the UTF-16 codes of their names, without those that are hidden. */
  readonly files: readonly ListedFile[];
  /** Each picture is all that its file on disk holds. */
  readonly onDisk?: boolean;
  /** What messages call a file. */
  called(file: ListedFile): string;
  /** Names of the folder, or of a file's folder, and of the one above it. */
  readonly above?: readonly [folder: string, above: string];
  /** What is in the folder of a single file. */
  neighbours?(): Promise<Listing>;
  /** A file that was named and is not in the listing. @throws DdpmError where there is none */
  aside?(name: string): Promise<{ readonly called: string; readonly bytes: Uint8Array }>;
}

/**
 * Makes a {@link Listing}: every name is brought into one form before anything looks at it.
 *
 * @throws DdpmError naming the whole and the file: a name that leads outside, or one that is there twice
 */
export function listingOf(whole: Omit<Listing, "files">, stored: Iterable<StoredFile>): Listing {
  const refuse = (what: string): never => fail(`data/${whole.kind}`, `${whole.path}: ${what}.`);
  const files: ListedFile[] = [];
  let at = 0;
  for (const file of stored) {
    const name = nameInOneForm(file.stored);
    if (name === undefined) return refuse(`holds ${JSON.stringify(file.stored)}, a name that leads outside`);
    if (!name.split("/").some(isHidden)) files.push({ ...file, name, at: at++ });
  }
  files.sort((a, b) => (a.name < b.name ? -1 : 1));
  const again = files.findIndex(({ name }, i) => files[i + 1]?.name === name);
  if (again >= 0) refuse(`holds ${files[again]!.name} twice`);
  return { ...whole, files };
}

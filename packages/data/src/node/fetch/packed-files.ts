import { pipeline, Readable } from "node:stream";
import type { ReadableWritablePair } from "node:stream/web";
import { createGunzip } from "node:zlib";
import { fail, isDdpmError } from "@ddpm/core";
import { createTarDecoder, type ParsedTarEntry } from "modern-tar";
import type { ByteSource } from "../../bytes/byte-source.ts";
import { isSafeName } from "../../pictures/picture-names.ts";
import { zippedFiles } from "../zip-entries.ts";

/** What an archive may hold. */
export interface UnpackLimits {
  readonly files: number;
  /** Of all files together. */
  readonly bytes: number;
}

/** An archive, by its name a `.zip`, `.tar`, `.tar.gz` or `.tgz`: read from any place, or from front to back. */
export interface PackedArchive {
  readonly name: string;
  source(): Promise<ByteSource>;
  stream(): Readable;
}

/** A file of an archive, to be read before the next is asked for. */
export interface PackedFile {
  /** Below the folder that it is meant for, with `/` between names. */
  readonly name: string;
  readonly bytes: AsyncIterable<Uint8Array>;
}

interface Found extends PackedFile {
  readonly kind: "file" | "folder" | "other";
  readonly size: number;
}

/**
 * The files of an archive that may be written to a folder.
 *
 * @throws DdpmError for a name that leads outside, a link or any other thing that is neither file nor folder, a file
 *   twice (also where capitals are all the difference), or more than the limits; Error for what does not unpack
 */
export async function* packedFiles(archive: PackedArchive, limits: UnpackLimits): AsyncGenerator<PackedFile> {
  const refuse = (what: string): never => fail("data/unpack", `${archive.name}: ${what}.`);
  const seen = new Set<string>();
  let bytes = 0;
  for await (const { kind, size, ...file } of /\.zip$/i.test(archive.name)
    ? zipped(archive)
    : tarred(archive)) {
    const { name } = file;
    if (!isSafeName(name)) refuse(`holds ${JSON.stringify(name)}, a name that leads outside`);
    if (kind === "folder") continue;
    if (kind === "other") refuse(`${name} is a link or a device, expected files`);
    if (seen.has(name.toLowerCase())) refuse(`holds ${name} twice`);
    seen.add(name.toLowerCase());
    bytes += size;
    if (seen.size > limits.files) refuse(`holds more than ${limits.files} files`);
    if (bytes > limits.bytes) refuse(`unpacks to more than ${limits.bytes} bytes`);
    yield file;
  }
}

/** Turns what an archive's bytes made go wrong into our error. */
export function notUnpacked(archive: string, cause: unknown): never {
  if (isDdpmError(cause)) throw cause;
  const why = cause instanceof Error ? cause.message : String(cause);
  return fail("data/unpack", `${archive}: does not unpack (${why}).`, "Download it again.", { cause });
}

async function* zipped(archive: PackedArchive): AsyncGenerator<Found> {
  for (const { name, size, link, read } of await zippedFiles(await archive.source())) {
    const bytes = async function* (): AsyncGenerator<Uint8Array> {
      yield await read();
    };
    yield { name, size, kind: link ? "other" : "file", bytes: bytes() };
  }
}

/** No more bytes come than a header announces. */
async function* tarred(archive: PackedArchive): AsyncGenerator<Found> {
  const packed = archive.stream();
  const plain = /gz$/i.test(archive.name) ? pipeline(packed, createGunzip(), () => {}) : packed;
  // The same streams as the platform's, which are declared twice.
  const decoder = createTarDecoder({ strict: true }) as unknown as ReadableWritablePair<
    ParsedTarEntry,
    Uint8Array
  >;
  for await (const { header, body } of Readable.toWeb(plain).pipeThrough(decoder)) {
    const { name, size, type } = header;
    const kind = type === "file" ? "file" : type === "directory" ? "folder" : "other";
    if (kind !== "file") await body.cancel();
    yield { name, size, kind, bytes: body as unknown as AsyncIterable<Uint8Array> };
  }
}

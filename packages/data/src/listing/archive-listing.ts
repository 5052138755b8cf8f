import { fail } from "@ddpm/core";
import { chunksSource } from "../archive/chunks.ts";
import type { ArchiveEntry } from "../archive/entry.ts";
import { LARGEST_ENTRY } from "../archive/largest-entry.ts";
import { tarEntries } from "../archive/tar.ts";
import { type ZippedFile, zipEntries } from "../archive/zip.ts";
import { type ByteSource, bytesSource } from "../bytes/byte-source.ts";
import { gunzipChunks, isGzip } from "../bytes/gunzip.ts";
import { type Listing, listingOf } from "./listing.ts";
import { baseOf } from "./name-form.ts";

/** A file that may be an archive. */
export interface PackedFile {
  readonly source: ByteSource;
  /** The same bytes from front to back. */
  stream(): ReadableStream<Uint8Array>;
}

/** How archives are read. */
export interface ArchiveTools {
  /** Most bytes that a gzipped TAR may take unpacked: it has no places to read from. */
  readonly memory: number;
  /** Unpacks a file of a ZIP faster than zip.js does. */
  readonly unpack?: ((file: ZippedFile) => Promise<Uint8Array>) | undefined;
}

/** Files of an archive. */
export interface Unpacked {
  readonly kind: "zip" | "tar";
  readonly entries: readonly ArchiveEntry[];
}

const TAR_NAME = /\.(tar|tar\.gz|tgz)$/i;
const ENDINGS = /\.(zip|tar|tar\.gz|tgz|gz|npz)$/i;
/** Bytes that say what a file is: a TAR header. */
const HEAD = 512;

/**
 * The files of a ZIP, a TAR or a gzipped TAR, by how it begins and not by its name.
 *
 * @returns undefined for a file that is none of these
 * @throws DdpmError naming an archive that is damaged, or unpacks to more than the memory
 */
export async function unpackedFiles(file: PackedFile, tools: ArchiveTools): Promise<Unpacked | undefined> {
  const { source } = file;
  const head = await headOf(source);
  if (head[0] === 0x50 && head[1] === 0x4b && [3, 5, 7].includes(head[2]!))
    return { kind: "zip", entries: await zipEntries(source, tools.unpack) };
  const named = TAR_NAME.test(source.name);
  if (!isGzip(head)) {
    const is = isTarHeader(head) || (named && !knownOtherwise(head));
    return is ? { kind: "tar", entries: await tarEntries(source) } : undefined;
  }
  const inner = await unpackedHead(file);
  if (!isTarHeader(inner) && !(named && inner.length < HEAD)) return undefined;
  const chunks = await gunzipChunks(file, source.name, tools.memory);
  return { kind: "tar", entries: await tarEntries(chunksSource(source.name, chunks)) };
}

/** A {@link Listing} of an archive's files. @throws DdpmError as {@link listingOf} does */
export function archiveListing(path: string, { kind, entries }: Unpacked): Listing {
  const name = baseOf(path.replaceAll("\\", "/")).replace(ENDINGS, "");
  const whole = {
    name,
    path,
    kind: "archive",
    packing: kind,
    called: ({ stored }: { readonly stored: string }) => `${path}: ${stored}`,
  } as const;
  return listingOf(
    whole,
    entries.map((entry) => {
      const bytes = (): Promise<Uint8Array> => checkedBytes(path, entry);
      return {
        stored: entry.name,
        size: entry.size,
        link: entry.link,
        bytes,
        source: async () => bytesSource(`${path}: ${entry.name}`, await bytes()),
        stream: () => streamOf(bytes),
      };
    }),
  );
}

function streamOf(bytes: () => Promise<Uint8Array>): ReadableStream<Uint8Array> {
  return new ReadableStream({
    async start(controller) {
      controller.enqueue(await bytes());
      controller.close();
    },
  });
}

function checkedBytes(path: string, { name, link, size, read }: ArchiveEntry): Promise<Uint8Array> {
  const refuse = (what: string): never => fail("data/archive", `${path}: ${name} ${what}.`);
  if (link) refuse("is a link, expected a file");
  if (size > LARGEST_ENTRY) refuse(`has ${size} bytes, expected up to ${LARGEST_ENTRY}`);
  return read();
}

/** A file's first bytes: those of a TAR header. */
export function headOf(source: ByteSource): Promise<Uint8Array> {
  return source.read(0, Math.min(HEAD, source.size));
}

/** The first bytes of what is gzipped; fewer where it is damaged, which unpacking all of it reports. */
export async function unpackedHead({ stream }: PackedFile): Promise<Uint8Array> {
  const reader = stream()
    .pipeThrough(new DecompressionStream("gzip") as never)
    .getReader();
  const head = new Uint8Array(HEAD);
  let length = 0;
  try {
    while (length < HEAD) {
      const { value, done } = (await reader.read()) as { value?: Uint8Array; done: boolean };
      if (done || !value) break;
      head.set(value.subarray(0, HEAD - length), length);
      length = Math.min(HEAD, length + value.length);
    }
  } catch {
    // Damaged: what was unpacked so far is all that there is to look at.
  }
  await reader.cancel().catch(() => {});
  return head.subarray(0, length);
}

/**
 * Whether bytes are a TAR header: its checksum is right, which holds for old archives without a magic too.
 *
 * Source: POSIX.1-2017, `pax`, "ustar Interchange Format": the field `chksum`.
 */
function isTarHeader(head: Uint8Array): boolean {
  if (head.length < HEAD || head[0] === 0) return false;
  const given = Number.parseInt(new TextDecoder("latin1").decode(head.subarray(148, 156)), 8);
  const sum = head.reduce((total, byte, i) => total + (i >= 148 && i < 156 ? 0x20 : byte), 0);
  return given === sum;
}

/** Bytes that begin as some other file does, whatever its name. */
function knownOtherwise(head: Uint8Array): boolean {
  const text = new TextDecoder("latin1").decode(head.subarray(0, 8));
  return /^(PAR1|\x93NUMPY|\x89PNG|\xff\xd8\xff|RIFF|GIF8|<)/.test(text);
}

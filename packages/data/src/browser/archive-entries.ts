import { fail } from "@ddpm/core";
import { chunksSource } from "../archive/chunks.ts";
import type { ArchiveEntry } from "../archive/entry.ts";
import { LARGEST_ENTRY } from "../archive/pictures.ts";
import { tarEntries } from "../archive/tar.ts";
import { zipEntries } from "../archive/zip.ts";
import { type ByteSource, blobSource } from "../byte-source.ts";
import { gunzipChunks, isGzip } from "../gunzip.ts";
import { isHidden, isImageName, isSafeName } from "../names.ts";
import type { GivenFile } from "./given-files.ts";

const TAR = /\.(tar|tar\.gz|tgz)$/i;
/** Most bytes of a gzipped TAR, unpacked: it has no places to read from, so all of it is in memory. */
const LARGEST_TAR = 2 ** 30;

/** Whether a file is an archive by its name. */
export function isArchiveName(name: string): boolean {
  return TAR.test(name) || /\.zip$/i.test(name);
}

/**
 * The files of a ZIP, a TAR or a gzipped TAR, told by how it begins, or by its name; undefined for anything else.
 *
 * @throws DdpmError naming an archive that is damaged, or unpacks to more than 1 GiB
 */
export async function archiveEntries({ path, blob }: GivenFile): Promise<ArchiveEntry[] | undefined> {
  const source = blobSource(path, blob);
  const head = await headOf(source);
  if (head[0] === 0x50 && head[1] === 0x4b) return zipEntries(source);
  if (!isGzip(head)) return isTar(head, path) ? tarEntries(source) : undefined;
  const unpacked = chunksSource(path, await gunzipChunks(blob, path, LARGEST_TAR));
  return isTar(await headOf(unpacked), path) ? tarEntries(unpacked) : undefined;
}

/**
 * The files of an archive without pictures, which may hold arrays, as if the archive were a folder; undefined where there
 * are pictures.
 *
 * @throws DdpmError naming the archive and the entry: a name that leads outside, a link, more than 256 MiB; or the
 *   Python version of CIFAR
 */
export function archiveArrays(path: string, entries: readonly ArchiveEntry[]): ArchiveEntry[] | undefined {
  const refuse = (what: string, hint?: string): never => fail("data/archive", `${path}: ${what}.`, hint);
  const seen = entries.filter(({ name }) => !name.split("/").some(isHidden));
  if (seen.some(({ name }) => isImageName(name))) return undefined;
  if (seen.some(({ name }) => /(^|\/)cifar-[^/]*(-py|-python)\//.test(name))) {
    const hint = "Take the binary version: its archive is called cifar-…-binary.tar.gz.";
    refuse("is the Python version of CIFAR, which cannot be read here", hint);
  }
  return seen.map((entry) => {
    const { name, link, size } = entry;
    if (!isSafeName(name)) refuse(`holds ${JSON.stringify(name)}, a name that leads outside`);
    const read = async (): Promise<Uint8Array> => {
      if (link) refuse(`${name} is a link, expected a file`);
      if (size > LARGEST_ENTRY) refuse(`${name} has ${size} bytes, expected up to ${LARGEST_ENTRY}`);
      return entry.read();
    };
    return { ...entry, name: `${path}/${name}`, read };
  });
}

function headOf(source: ByteSource): Promise<Uint8Array> {
  return source.read(0, Math.min(512, source.size));
}

/** Source: POSIX.1-2017, `pax`, "ustar Interchange Format": the field `magic`; older archives go by their names. */
function isTar(head: Uint8Array, path: string): boolean {
  return TAR.test(path) || new TextDecoder("latin1").decode(head.subarray(257, 262)) === "ustar";
}

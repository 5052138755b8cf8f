import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { fail, isDdpmError } from "@ddpm/core";
import { extract } from "tar-stream";
import { isSafeName } from "../../names.ts";
import { zipEntries } from "../zip-entries.ts";

/** What an archive may hold. */
export interface UnpackLimits {
  readonly files: number;
  /** Of all files together. */
  readonly bytes: number;
}

/**
 * Unpacks a `.zip`, `.tar`, `.tar.gz` or `.tgz` into a new folder. It is filled under another name beside it and gets
 * its own when it is whole. A folder that holds everything is passed through.
 *
 * @throws DdpmError for a folder that is there already; an archive with a name that leads outside, a link or any other
 *   thing that is neither file nor folder, a file twice, or more than the limits; what was unpacked is removed
 */
export async function unpack(archive: string, folder: string, limits: UnpackLimits): Promise<void> {
  const unfinished = join(dirname(folder), `.${basename(folder)}.unfinished`);
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { recursive: true });
  try {
    const keep = keeper(archive, unfinished, limits);
    await (/\.zip$/i.test(archive) ? fromZip(archive, keep) : fromTar(archive, keep));
    const [only, ...others] = await readdir(unfinished, { withFileTypes: true });
    const inner = only?.isDirectory() && others.length === 0 ? join(unfinished, only.name) : unfinished;
    await rename(inner, folder).catch((cause: NodeJS.ErrnoException) =>
      fail("data/unpack", `${folder} cannot be made (${cause.code}).`, "Move what is there.", { cause }),
    );
  } catch (cause) {
    if (isDdpmError(cause)) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    fail("data/unpack", `${archive}: does not unpack (${why}).`, "Download it again.", { cause });
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}

interface Keeper {
  /** Checks an entry and makes its folder. @returns where it goes */
  place(name: string, kind: "file" | "other", size: number): Promise<string>;
}

function keeper(archive: string, folder: string, limits: UnpackLimits): Keeper {
  const refuse = (what: string): never => fail("data/unpack", `${archive}: ${what}.`);
  const seen = new Set<string>();
  let bytes = 0;
  return {
    async place(name, kind, size) {
      if (!isSafeName(name)) refuse(`holds ${JSON.stringify(name)}, a name that leads outside`);
      if (kind === "other") refuse(`${name} is a link or a device, expected files`);
      const path = join(folder, name);
      if (seen.has(path.toLowerCase())) refuse(`holds ${name} twice`);
      seen.add(path.toLowerCase());
      bytes += size;
      if (seen.size > limits.files) refuse(`holds more than ${limits.files} files`);
      if (bytes > limits.bytes) refuse(`unpacks to more than ${limits.bytes} bytes`);
      await mkdir(dirname(path), { recursive: true });
      return path;
    },
  };
}

async function fromZip(archive: string, { place }: Keeper): Promise<void> {
  for (const entry of await zipEntries(archive)) {
    const path = await place(entry.name, entry.link ? "other" : "file", entry.size);
    await writeFile(path, await entry.read(), { flag: "wx" });
  }
}

async function fromTar(archive: string, { place }: Keeper): Promise<void> {
  const tar = extract();
  const gzipped = /gz$/i.test(archive);
  const reading = (async () => {
    for await (const entry of tar) {
      const { name, type, size = 0 } = entry.header;
      if (type === "directory") {
        if (!isSafeName(name)) await place(name, "file", 0);
        entry.resume();
        continue;
      }
      const file = type === "file" || type === "contiguous-file";
      const path = await place(name, file ? "file" : "other", size);
      await pipeline(entry, counted(size), createWriteStream(path, { flags: "wx" }));
    }
  })();
  const source = createReadStream(archive, { highWaterMark: 2 ** 20 });
  await Promise.all([gzipped ? pipeline(source, createGunzip(), tar) : pipeline(source, tar), reading]);
}

/** Lets as many bytes through as were announced. */
function counted(size: number): Transform {
  let seen = 0;
  return new Transform({
    transform(chunk: Uint8Array, _encoding, done) {
      seen += chunk.length;
      if (seen > size) done(new Error("more bytes than announced"));
      else done(null, chunk);
    },
  });
}

import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { fail } from "@ddpm/core";
import { fileSource } from "../file-source.ts";
import { notUnpacked, packedFiles, type UnpackLimits } from "./packed-files.ts";

/**
 * Unpacks a `.zip`, `.tar`, `.tar.gz` or `.tgz` into a new folder. It is filled under another name next to it and gets
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
    const packed = {
      name: archive,
      source: () => fileSource(archive),
      stream: () => createReadStream(archive, { highWaterMark: 2 ** 20 }),
    };
    for await (const { name, bytes } of packedFiles(packed, limits)) {
      const path = join(unfinished, name);
      await mkdir(dirname(path), { recursive: true });
      await pipeline(bytes, createWriteStream(path, { flags: "wx" }));
    }
    const [only, ...others] = await readdir(unfinished, { withFileTypes: true });
    const inner = only?.isDirectory() && others.length === 0 ? join(unfinished, only.name) : unfinished;
    await rename(inner, folder).catch((cause: NodeJS.ErrnoException) =>
      fail("data/unpack", `${folder} cannot be made (${cause.code}).`, "Move what is there.", { cause }),
    );
  } catch (cause) {
    notUnpacked(archive, cause);
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}

import { type FileHandle, mkdir, open, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { fail } from "@ddpm/core";

/** DecodedPicture pictures in a file, each at its own place. */
export interface PixelCache {
  readonly path: string;
  /** The pixels of a picture: as kept, where they are whole, else made and kept. */
  get(index: number, make: () => Promise<Uint8Array>): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** What a cache is of. */
export interface CachedPixels {
  /** Path of the file; made where it is missing. */
  readonly folder: string;
  /** The file's name begins so. */
  readonly name: string;
  /** 16 hex digits that change when a picture or its treatment does. */
  readonly key: string;
  /** Pictures. */
  readonly length: number;
  /** Bytes of one. */
  readonly size: number;
}

const MAGIC = "DDPMPIX1";
const HEADER = 64;
/** Before a picture: a mark and a checksum. */
const LEAD = 5;
const MARK = 0xa5;

/**
 * Opens or begins a cache: a header, then a place per picture with a CRC-32 over its pixels, its number and the key.
 * Nothing in the file is believed without its checksum: what a crash, another program or a full disk left behind is
 * made again. Several processes may share a file, since all would write the same.
 *
 * @throws DdpmError for a folder that cannot be written
 */
export async function pixelCache({ folder, name, key, length, size }: CachedPixels): Promise<PixelCache> {
  const path = join(folder, `${name.replaceAll(/[^\w.-]+/g, "-").slice(0, 80)}-${key}.pixels`);
  const header = headerOf(key, length, size);
  const whole = HEADER + length * (LEAD + size);
  const file = await writing(folder, async () => {
    await mkdir(folder, { recursive: true });
    return (await sound(path, header, whole)) ?? (await begun(path, header, whole));
  });
  const placeOf = (index: number): number => HEADER + index * (LEAD + size);
  const sumOf = (index: number, pixels: Uint8Array): number => crc32(pixels, crc32(`${key} ${index}`));
  return {
    path,
    async get(index, make) {
      const place = new Uint8Array(LEAD + size);
      const read = await file.read(place, 0, place.length, placeOf(index)).catch(() => ({ bytesRead: 0 }));
      const [lead, pixels] = [new DataView(place.buffer), place.subarray(LEAD)];
      const kept = read.bytesRead === place.length && lead.getUint8(0) === MARK;
      if (kept && lead.getUint32(1) === sumOf(index, pixels)) return pixels;
      const made = await make();
      place.set(made, LEAD);
      lead.setUint8(0, MARK);
      lead.setUint32(1, sumOf(index, made));
      await writing(folder, () => file.write(place, 0, place.length, placeOf(index)));
      return made;
    },
    close: () => file.close(),
  };
}

function headerOf(key: string, length: number, size: number): Buffer {
  const header = Buffer.alloc(HEADER);
  header.write(`${MAGIC} ${key} ${length} ${size}`);
  header.writeUInt32LE(crc32(header.subarray(0, HEADER - 4)), HEADER - 4);
  return header;
}

/** The file that is there, if it is one of these pictures and of full length. */
async function sound(path: string, header: Buffer, whole: number): Promise<FileHandle | undefined> {
  const file = await open(path, "r+").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "EISDIR") return undefined;
    throw error;
  });
  if (!file) return undefined;
  const found = Buffer.alloc(HEADER);
  await file.read(found, 0, HEADER, 0);
  const { size } = await file.stat();
  if (size === whole && found.equals(header)) return file;
  await file.close();
  return undefined;
}

/** A new file, which gets its name when its header is whole; what had the name before is gone then. */
async function begun(path: string, header: Buffer, whole: number): Promise<FileHandle> {
  const unfinished = `${path}.${process.pid}.unfinished`;
  const file = await open(unfinished, "w+");
  try {
    await file.write(header, 0, HEADER, 0);
    await file.truncate(whole);
    await file.sync();
    await rename(unfinished, path);
    return file;
  } catch (error) {
    await file.close();
    await rm(unfinished, { force: true });
    throw error;
  }
}

async function writing<Result>(folder: string, write: () => Promise<Result>): Promise<Result> {
  try {
    return await write();
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    return fail(
      "data/pixel-cache",
      `${folder} cannot be written (${code ?? String(cause)}).`,
      "Free some space, choose another folder, or leave cache off.",
      { cause },
    );
  }
}

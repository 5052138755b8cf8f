import { type PrivateFolder, privateFolder } from "./platform.ts";

/** Decoded pictures in the origin's private file system. */
export interface PrivateCache {
  /** The pixels of a picture: as kept, where they are whole, else made and kept. */
  get(index: number, make: () => Promise<Uint8Array>): Promise<Uint8Array>;
}

/** Bytes of a SHA-256 checksum. */
const SUM = 32;

/**
 * A cache of decoded pictures, a file each with a checksum in front; what is not whole is made again.
 *
 * @param name of the folder of caches
 * @param key  16 hex digits that change when a picture or its treatment does
 * @param size bytes of a picture
 * @throws DdpmError where there is no private file system
 */
export async function privateCache(name: string, key: string, size: number): Promise<PrivateCache> {
  const folder: PrivateFolder = await (await privateFolder())
    .getDirectoryHandle(name, { create: true })
    .then((all) => all.getDirectoryHandle(key, { create: true }));
  return {
    async get(index, make) {
      const file = await folder.getFileHandle(String(index), { create: true });
      const kept = new Uint8Array(await (await file.getFile()).arrayBuffer());
      const pixels = kept.subarray(SUM);
      if (kept.length === size + SUM) {
        const sum = await sumOf(pixels);
        if (sum.every((byte, i) => byte === kept[i])) return pixels;
      }
      const made = await make();
      const whole = new Uint8Array(SUM + size);
      whole.set(await sumOf(made));
      whole.set(made, SUM);
      const writer = await file.createWritable();
      await writer.write(whole);
      await writer.close();
      return made;
    },
  };
}

async function sumOf(pixels: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", pixels as Uint8Array<ArrayBuffer>));
}

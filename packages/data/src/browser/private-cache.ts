import { crc32 } from "../archive/crc32.ts";
import { type PrivateFolder, privateFolder } from "./platform.ts";

/** Decoded pictures in the origin's private file system. */
export interface PrivateCache {
  /** The pixels of a picture: as kept, where they are whole, else made and kept. */
  get(index: number, make: () => Promise<Uint8Array>): Promise<Uint8Array>;
}

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
      const pixels = kept.subarray(4);
      if (kept.length === size + 4 && new DataView(kept.buffer).getUint32(0) === crc32(pixels)) return pixels;
      const made = await make();
      const whole = new Uint8Array(size + 4);
      new DataView(whole.buffer).setUint32(0, crc32(made));
      whole.set(made, 4);
      const writer = await file.createWritable();
      await writer.write(whole);
      await writer.close();
      return made;
    },
  };
}

import { open, readdir, readFile, rm, stat, truncate, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openDataset } from "../src/node/index.ts";
import { folderOf, picture } from "./temporary-folder.ts";

const SIZE = { size: 4 } as const;
const levels = async (path: string, cache: string, options: object = {}) => {
  const set = await openDataset(path, { ...SIZE, cache, ...options });
  const images = await Promise.all(Array.from({ length: set.length }, (_, i) => set.image(i)));
  await set.close!();
  return images.map(({ pixels }) => pixels[0]);
};
const photos = async () =>
  folderOf({ "a.png": await picture(10), "b.png": await picture(20), "c.png": await picture(30) });
const only = async (folder: string) => {
  const names = await readdir(folder);
  expect(names).toHaveLength(1);
  return join(folder, names[0]!);
};
const PLACE = 5 + 4 * 4 * 3;

describe("a cache on disk", () => {
  it("gives pixels without the pictures, and the same fingerprint as none", async () => {
    const [path, cache] = [await photos(), join(await folderOf({}), "cache")];
    expect(await levels(path, cache)).toEqual([10, 20, 30]);
    expect((await stat(await only(cache))).size).toBe(64 + 3 * PLACE);
    const set = await openDataset(path, { ...SIZE, cache });
    await rm(join(path, "b.png"));
    expect((await set.image(1)).pixels[0]).toBe(20);
    await set.close!();
    await writeFile(join(path, "b.png"), await picture(20));
    expect(set.fingerprint).toBe((await openDataset(path, SIZE)).fingerprint);
  });

  it("is another one when a picture, or its treatment, changes", async () => {
    const [path, cache] = [await photos(), await folderOf({})];
    await levels(path, cache);
    // Of the same length in bytes: only the time of writing tells.
    await writeFile(join(path, "b.png"), await picture(21));
    await utimes(join(path, "b.png"), new Date(), new Date(Date.now() + 5000));
    expect(await levels(path, cache)).toEqual([10, 21, 30]);
    await levels(path, cache, { kernel: "nearest" });
    expect(await readdir(cache)).toHaveLength(3);
  });

  it("is never trusted: damage anywhere is mended from the pictures", async () => {
    const [path, cache] = [await photos(), await folderOf({})];
    await levels(path, cache);
    const file = await only(cache);
    const whole = await readFile(file);
    // Any bit of any part: header, marks, checksums, pixels.
    for (let at = 0; at < whole.length; at += 13) {
      const bad = Uint8Array.from(whole);
      bad[at]! ^= 1 << (at % 8);
      await writeFile(file, bad);
      expect(await levels(path, cache), `bit ${at % 8} of byte ${at}`).toEqual([10, 20, 30]);
      expect(await readFile(await only(cache))).toEqual(whole);
    }
    for (const length of [0, 10, 64, whole.length - 1]) {
      await truncate(file, length);
      expect(await levels(path, cache)).toEqual([10, 20, 30]);
      expect(await readFile(await only(cache))).toEqual(whole);
    }
    const handle = await open(file, "r+");
    await handle.write(whole, 64, PLACE, 64 + PLACE);
    await handle.close();
    expect(await levels(path, cache)).toEqual([10, 20, 30]);
  });

  it("says where it cannot be written", async () => {
    const [path, taken] = [await photos(), await folderOf({ cache: "a file" })];
    await expect(openDataset(path, { ...SIZE, cache: join(taken, "cache") })).rejects.toThrow(
      /cache cannot be written \(EEXIST|ENOTDIR\).*leave cache off/,
    );
  });

  it("leaves bad pictures out as without it", async () => {
    const path = await folderOf({ "a.png": await picture(1), "b.png": "no picture" });
    const cache = await folderOf({});
    for (let i = 0; i < 2; i++) {
      const set = await openDataset(path, { ...SIZE, cache, skipBad: true });
      expect([set.length, set.skipped!.length]).toEqual([1, 1]);
      await set.close!();
    }
  });
});

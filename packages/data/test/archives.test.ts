import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { isDdpmError } from "@ddpm/core";
import * as fc from "fast-check";
import { type Header, pack } from "tar-stream";
import { describe, expect, it } from "vitest";
import { openDataset } from "../src/node/index.ts";
import { folderOf, picture } from "./temporary-folder.ts";
import { zipBytes } from "./zip-bytes.ts";

async function tarBytes(files: Readonly<Record<string, Uint8Array | Partial<Header>>>): Promise<Uint8Array> {
  const tar = pack();
  for (const [name, content] of Object.entries(files)) {
    if (content instanceof Uint8Array) tar.entry({ name }, Buffer.from(content));
    else tar.entry({ name, ...content });
  }
  tar.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of tar) chunks.push(chunk as Buffer);
  return Uint8Array.from(Buffer.concat(chunks));
}

async function at(name: string, bytes: Uint8Array): Promise<string> {
  return join(await folderOf({ [name]: bytes }), name);
}

const cats = async () => ({
  "photos/dog/1.png": await picture(20),
  "photos/cat/2.png": await picture(10),
  [`photos/cat/${"long".repeat(40)}.png`]: await picture(11),
  "photos/.hidden.png": new Uint8Array(3),
  "__MACOSX/photos/cat/2.png": new Uint8Array(3),
  "photos/readme.txt": new Uint8Array(9),
});

describe("archives of pictures", () => {
  it.each<[string, (files: Record<string, Uint8Array>) => Uint8Array | Promise<Uint8Array>]>([
    ["a.zip", (files) => zipBytes(files)],
    ["stored.zip", (files) => zipBytes(files, false)],
    ["a.tar", tarBytes],
    ["a.tar.gz", async (files) => gzipSync(await tarBytes(files))],
    ["a.tgz", async (files) => gzipSync(await tarBytes(files))],
  ])("%s is read in place as a folder would be", async (name, pack) => {
    const path = await at(name, await pack(await cats()));
    const set = await openDataset(path);
    expect([set.length, set.classes, Array.from(set.labels!)]).toEqual([3, ["cat", "dog"], [0, 0, 1]]);
    expect([set.name, set.path]).toEqual([name.split(".")[0], path]);
    const levels = await Promise.all([0, 1, 2].map(async (i) => (await set.image(i)).pixels[0]));
    expect(levels).toEqual([10, 11, 20]);
    expect((await openDataset(path, { classes: ["dog"] })).length).toBe(1);
    expect((await openDataset(path, { labels: false })).classes).toBeUndefined();
  });

  it("enter a split, and know when it is not there", async () => {
    const files = {
      "x/train/a/1.png": await picture(1),
      "x/train/b/2.png": await picture(2),
      "x/val/3.png": await picture(3),
    };
    const path = await at("x.zip", zipBytes(files));
    expect(await openDataset(path)).toMatchObject({ length: 2, classes: ["a", "b"], name: "x/train" });
    expect((await openDataset(path, { split: "val" })).length).toBe(1);
    await expect(openDataset(path, { split: "test" })).rejects.toThrow(/no split test, it has train, val/);
  });

  it.each(["../out.png", "/etc/a.png", "a/../../b.png", "C:/a.png", "a\\..\\b.png"])(
    "refuse the name %s",
    async (name) => {
      const files = { [name]: await picture(1), "b.png": await picture(1) };
      await expect(openDataset(await at("a.tar", await tarBytes(files)))).rejects.toThrow(
        /a.tar.*(leads outside)/,
      );
      await expect(openDataset(await at("a.zip", zipBytes(files)))).rejects.toThrow(/a.zip.*(leads outside)/);
    },
  );

  it("refuse links, doubles, emptiness and what is too large for memory", async () => {
    const one = { "a.png": await picture(1) };
    const link = await tarBytes({ ...one, "b.png": { type: "symlink", linkname: "/etc/passwd" } });
    await expect(openDataset(await at("a.tar", link))).rejects.toThrow(/b.png is a link/);
    const zipLink = zipBytes(one, true, { "a.png": { mode: 0o120777 } });
    await expect(openDataset(await at("a.zip", zipLink))).rejects.toThrow(/a.png is a link/);
    const two = Buffer.concat([(await tarBytes(one)).subarray(0, 1024), await tarBytes(one)]);
    await expect(openDataset(await at("a.tar", two))).rejects.toThrow(/holds a.png twice/);
    for (const bytes of [zipBytes({}), zipBytes({ "a.txt": new Uint8Array(2) })])
      await expect(openDataset(await at("a.zip", bytes))).rejects.toThrow(/a.zip: has no PNG/);
    const bomb = gzipSync(await tarBytes({ "a.png": new Uint8Array(2 ** 21) }));
    expect(bomb.length).toBeLessThan(4000);
    await expect(openDataset(await at("a.tgz", bomb), { memory: 1 })).rejects.toThrow(
      /unpacks to more than 1048576 bytes/,
    );
  });

  it.each<[string, object, RegExp]>([
    [
      "more bytes than deflate can hold",
      { size: 2 ** 30 },
      /claims 1073741824 bytes in \d+, more than deflate/,
    ],
    ["more bytes than there are", { size: 200 }, /unpacks to \d+ bytes, expected 200/],
    ["fewer bytes than there are", { size: 5 }, /does not unpack/],
    ["another checksum", { crc: 1 }, /damaged: its checksum/],
    ["encryption", { flags: 1 }, /is encrypted/],
    ["an unknown method", { method: 99 }, /packed by method 99/],
  ])("refuse a ZIP entry that claims %s", async (_, claim, message) => {
    const bytes = zipBytes({ "a.png": await picture(1) }, true, { "a.png": claim });
    await expect(openDataset(await at("a.zip", bytes))).rejects.toThrow(message);
  });

  it("give a set or a DdpmError that names the file, whatever bytes are changed or cut", async () => {
    const files = { "c/a.png": await picture(1), "d/b.png": await picture(2) };
    const good = [zipBytes(files), await tarBytes(files), gzipSync(await tarBytes(files))];
    const path = await folderOf({});
    const { writeFile } = await import("node:fs/promises");
    await fc.assert(
      fc.asyncProperty(
        fc.nat(2),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.nat(255),
        fc.boolean(),
        async (kind, where, value, cut) => {
          const bytes = Uint8Array.from(good[kind]!);
          const position = Math.floor(where * (bytes.length - 1));
          bytes[position] = value;
          const file = join(path, ["a.zip", "a.tar", "a.tar.gz"][kind]!);
          await writeFile(file, cut ? bytes.subarray(0, position) : bytes);
          try {
            const set = await openDataset(file);
            for (let i = 0; i < set.length; i++) await set.image(i);
          } catch (error) {
            if (!isDdpmError(error)) throw error;
            expect(error.message).toContain(file);
          }
        },
      ),
      { numRuns: 200 },
    );
  });
});

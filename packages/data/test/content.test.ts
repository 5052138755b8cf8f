import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { notUsedInWords } from "../src/authoring.ts";
import { openFiles } from "../src/browser/index.ts";
import { openDataset } from "../src/node/index.ts";
import { npyBytes } from "./fuzz/byte-targets.ts";
import { idxBytes, ramp } from "./idx-bytes.ts";
import { everywhere, left, seen, tarBytes, zipped } from "./packed-everywhere.ts";
import { folderOf, picture } from "./temporary-folder.ts";

describe("archives and arrays are known by their content", () => {
  const sample = async (key: string, label: number) => ({
    [`${key}.png`]: await picture(10 * label),
    [`${key}.cls`]: String(label),
  });

  it("WebDataset: in any TAR, unsorted, with many files a sample, in Node and in a page", async () => {
    const all = {
      ...(await sample("a", 2)),
      ...(await sample("b", 0)),
      "a.txt": "x",
      "a.seg.npy": "x",
      "b.json": "{}",
    };
    const unsorted = Object.fromEntries(Object.entries(all).sort(([a], [b]) => (b < a ? -1 : 1)));
    const tar = await tarBytes(unsorted);
    const path = await folderOf({ "s.tar": tar, "t.tar": gzipSync(tar), u: gzipSync(tar) });
    for (const name of ["s.tar", "t.tar", "u"]) {
      const set = await openDataset(join(path, name));
      expect([set.length, set.classes, Array.from(set.labels!)]).toEqual([2, ["0", "1", "2"], [0, 2]]);
      expect(left(set)).toEqual(["1 .json files", "1 .seg.npy files", "1 .txt files"]);
    }
  });

  it("tables that are called like shards are about these", async () => {
    const files = { ...(await sample("a", 1)), "a.txt": "a word" };
    const folder = { "00000.tar": await tarBytes(files), "00000.parquet": "PAR1", "00000_stats.json": "{}" };
    const set = await openDataset(await folderOf(folder));
    expect([seen(set), left(set)]).toEqual([
      [1, ["0", "1"], [1]],
      ["1 .txt files", "1 00000.parquet", "1 00000_stats.json"],
    ]);
    await expect(openDataset(await folderOf({ ...folder, "1.parquet": "PAR1" }))).rejects.toThrow(/Parquet/);
  });

  it("shards of splits: those of the training split", async () => {
    const shards = {
      "train-000000.tar": await tarBytes(await sample("a", 1)),
      "train-000001.tar.gz": gzipSync(await tarBytes(await sample("a", 0))),
      "val-000000.tar": await tarBytes(await sample("b", 3)),
    };
    const set = await openDataset(await folderOf(shards));
    expect([seen(set), left(set)]).toEqual([[2, ["0", "1"], [1, 0]], ["1 validation"]]);
    const given = Object.entries(shards).map(([path, bytes]) => ({
      path: `f/${path}`,
      blob: new Blob([bytes as Uint8Array<ArrayBuffer>]),
    }));
    await expect(openFiles(given, { size: 2, split: "test" })).rejects.toThrow(
      /f has no split test, it has train, validation/,
    );
  });

  it("IDX and NumPy in archives, whose names may have the split", async () => {
    const mnist = {
      "train-images-idx3-ubyte": idxBytes([3, 4, 4], ramp(48)),
      "train-labels-idx1-ubyte.gz": gzipSync(idxBytes([3], [7, 2, 1])),
      "t10k-images-idx3-ubyte": idxBytes([1, 4, 4], ramp(16)),
    };
    for (const set of await everywhere(mnist)) {
      expect([set.length, Array.from(set.labels!), left(set)]).toEqual([3, [7, 2, 1], ["1 test"]]);
    }
    const arrays = {
      "x_train.npy": npyBytes("|u1", "2, 2, 2", ramp(8)),
      "y_train.npy": npyBytes("|u1", "2, 1", Uint8Array.of(1, 0)),
      "x_test.npy": npyBytes("|u1", "1, 2, 2", ramp(4)),
      "y_test.npy": npyBytes("|u1", "1,", Uint8Array.of(1)),
    };
    for (const set of await everywhere(arrays)) {
      expect([set.length, Array.from(set.labels!), left(set)]).toEqual([2, [1, 0], ["2 test"]]);
    }
    for (const set of await everywhere(arrays, { split: "test" })) expect(set.length).toBe(1);
  });

  it("an archive within an archive, and CIFAR's pickles, are refused with that word", async () => {
    const inner = { "train.zip": zipped({ "a.png": await picture(1) }), "sample.csv": "x" };
    const outer = await folderOf({ "o.zip": zipped(inner) });
    await expect(openDataset(join(outer, "o.zip"))).rejects.toThrow(/holds another archive, train.zip/);
    const two = await folderOf({
      "o.zip": zipped({ "test.zip": zipped({ "a.png": "x" }), "train.zip": zipped({ "a.png": "x" }) }),
    });
    await expect(openDataset(join(two, "o.zip"))).rejects.toThrow(/give train.zip itself/);
    await expect(openDataset(await folderOf(inner))).rejects.toThrow(
      /holds an archive, train.zip.*Give the archive/,
    );
    const python = { "cifar-10-batches-py/data_batch_1": "x", "cifar-10-batches-py/batches.meta": "x" };
    await expect(everywhere(python)).rejects.toThrow(/Python version of CIFAR-10.*cifar-10-binary.tar.gz/);
    const hundred = {
      "cifar-100-python/train": "x",
      "cifar-100-python/test": "x",
      "cifar-100-python/meta": "x",
    };
    await expect(everywhere(hundred)).rejects.toThrow(/Python version of CIFAR-100.*cifar-100-binary.tar.gz/);
  });
});

it("says what is not used as people read it", () => {
  const parts = [
    { what: "labels.csv", count: 1, reason: "" },
    { what: ".bmp files", count: 12, reason: "" },
    { what: ".tif files", count: 1, reason: "" },
  ];
  expect(notUsedInWords(parts)).toBe("labels.csv, 12 .bmp files, 1 .tif file");
});

describe("a file that is packed in another way is refused as not supported", () => {
  it.each<[string, readonly number[], RegExp]>([
    ["p.tar.bz2", [0x42, 0x5a, 0x68, 0x39], /is packed with bzip2, which is not supported/],
    ["p.tar.xz", [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0], /is packed with xz, which is not supported/],
    ["p.tar.zst", [0x28, 0xb5, 0x2f, 0xfd], /is packed with Zstandard, which is not supported/],
    ["p.7z", [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c], /is a 7z archive, which is not supported/],
    ["p.rar", [0x52, 0x61, 0x72, 0x21, 0x1a, 0x07], /is a RAR archive, which is not supported/],
  ])("%s", async (name, bytes, message) => {
    const content = Uint8Array.from([...bytes, ...new Array<number>(40).fill(0)]);
    await expect(openDataset(join(await folderOf({ [name]: content }), name))).rejects.toThrow(message);
    await expect(openFiles([{ path: name, blob: new Blob([content]) }])).rejects.toThrow(message);
  });

  it("as a gzipped ZIP", async () => {
    const content = new Uint8Array(gzipSync(zipped({ "cat/1.png": await picture(1) })));
    await expect(openDataset(join(await folderOf({ "p.gz": content }), "p.gz"))).rejects.toThrow(
      /is a gzipped ZIP archive.*Unpack it with gunzip/,
    );
  });
});

describe("pictures about a picture next to them", () => {
  it("are reported and not used, in a folder and in an archive; a name alone makes none of them", async () => {
    const files = {
      "a.png": await picture(1, 4),
      "a_mask.png": await picture(2, 4),
      "b.png": await picture(3, 4),
      "b-depth.png": await picture(4, 4),
      "carnival_mask.png": await picture(5, 4),
    };
    const set = await openDataset(await folderOf(files));
    expect(set.length).toBe(3);
    const maps = ["1 a_mask.png", "1 b-depth.png"];
    expect(left(set)).toEqual(maps);
    const inArchive = await openDataset(join(await folderOf({ "s.zip": zipped(files) }), "s.zip"));
    expect([inArchive.length, left(inArchive)]).toEqual([3, maps]);
    const many = { ...files, "a_gt.png": files["a_mask.png"], "b_gt.png": files["a_mask.png"] };
    expect(left(await openDataset(await folderOf(many)))).toEqual(["4 masks and maps of images"]);
  });
});

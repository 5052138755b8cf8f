import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { type Header, pack } from "tar-stream";
import { describe, expect, it } from "vitest";
import { openFiles } from "../src/browser/index.ts";
import { notUsedInWords } from "../src/index.ts";
import { isSplit, splitOfFile, splitOfFolder } from "../src/listing/split-name.ts";
import { type OpenedDataset, openDataset } from "../src/node/index.ts";
import { npyBytes } from "./fuzz/byte-targets.ts";
import { idxBytes, ramp } from "./idx-bytes.ts";
import { folderOf, picture } from "./temporary-folder.ts";
import { zipBytes } from "./zip-bytes.ts";

type Files = Readonly<Record<string, Uint8Array | string>>;
const bytesOf = (content: Uint8Array | string): Uint8Array =>
  typeof content === "string" ? new TextEncoder().encode(content) : Uint8Array.from(content);

async function tarBytes(files: Files): Promise<Uint8Array> {
  const tar = pack();
  for (const [name, content] of Object.entries(files)) {
    const header: Partial<Header> & { name: string } = { name };
    tar.entry(header, Buffer.from(bytesOf(content)));
  }
  tar.finalize();
  const chunks: Uint8Array[] = [];
  for await (const chunk of tar) chunks.push(chunk as Uint8Array);
  return Uint8Array.from(Buffer.concat(chunks));
}

const zipped = (files: Files): Uint8Array =>
  zipBytes(Object.fromEntries(Object.entries(files).map(([name, content]) => [name, bytesOf(content)])));

/** The same files as a folder, a ZIP, a TAR and a gzipped TAR whose name says nothing. */
async function everywhere(files: Files, options: object = {}): Promise<OpenedDataset[]> {
  const tar = await tarBytes(files);
  const packed = await folderOf({ "a.zip": zipped(files), "b.tar": tar, c: gzipSync(tar) });
  const paths = [await folderOf(files), ...["a.zip", "b.tar", "c"].map((name) => join(packed, name))];
  return Promise.all(paths.map((path) => openDataset(path, options)));
}

const seen = ({ length, classes, labels }: OpenedDataset) => [length, classes, labels && Array.from(labels)];
const left = ({ notUsed = [] }: { readonly notUsed?: OpenedDataset["notUsed"] }) =>
  notUsed.map(({ what, count }) => `${count} ${what}`).sort();

describe("the name of a split", () => {
  it.each([
    ["train", "train"],
    ["Training", "train"],
    ["training_set", "train"],
    ["train2017", "train"],
    ["trainImages", "train"],
    ["val", "validation"],
    ["valid", "validation"],
    ["validation", "validation"],
    ["dev", "validation"],
    ["eval", "validation"],
    ["test", "test"],
    ["testing", "test"],
    ["test_set", "test"],
    ["train-set", "train"],
    ["training-data", "train"],
    ["trainingset", "train"],
    ["test set", "test"],
    ["testset", "test"],
    ["valset", "validation"],
    ["hold-out", "test"],
    ["holdout", "test"],
    ["held_out", "test"],
    ["HoldOut set", "test"],
    ["hold", undefined],
    ["out", undefined],
    ["trains", undefined],
    ["trainval", "train"],
    ["bullet_train", undefined],
    ["cat", undefined],
    ["images", undefined],
  ])("of a folder %s is %s", (name, kind) => expect(splitOfFolder(name)).toBe(kind));

  it.each([
    ["train-00000-of-00001.parquet", "train"],
    ["images_train.npy", "train"],
    ["x_test", "test"],
    ["val-000000.tar", "validation"],
    ["t10k-images-idx3-ubyte", "test"],
    ["train_test.npy", undefined],
    ["trainer.tar", undefined],
  ])("in a file's name %s is %s", (name, kind) => expect(splitOfFile(name)).toBe(kind));

  it("means the same in other words", () => {
    expect(isSplit("val", "validation", splitOfFolder)).toBe(true);
    expect(isSplit("test", "val", splitOfFolder)).toBe(false);
  });
});

describe("splits of pictures", () => {
  it.each<[string, (split: string, name: string) => string]>([
    ["at the top", (split, name) => `${split}/${name}`],
    ["below a folder around everything", (split, name) => `photos/${split}/${name}`],
    ["around a folder of the same name", (split, name) => `${split}/${split}/${name}`],
    ["inside class folders", (split, name) => name.replace("/", `/${split}/`)],
  ])("are found %s, in folders and archives alike", async (_, at) => {
    const files = {
      [at("train", "cat/1.png")]: await picture(10),
      [at("train", "dog/2.png")]: await picture(20),
      [at("test", "cat/3.png")]: await picture(30),
      [at("test", "dog/4.png")]: await picture(40),
    };
    for (const set of await everywhere(files)) {
      expect(seen(set)).toEqual([2, ["cat", "dog"], [0, 1]]);
      expect((await set.image(1)).pixels[0]).toBe(20);
      expect(left(set)).toEqual(["2 test"]);
    }
    for (const set of await everywhere(files, { split: "testing" }))
      expect((await set.image(0)).pixels[0]).toBe(30);
  });

  it("are chosen next to folders and files of other kinds, never as classes", async () => {
    const files = {
      "train/cat/1.png": await picture(10),
      "train/dog/2.png": await picture(20),
      "val/cat/3.png": await picture(30),
      "masks/1.png": await picture(1),
      "annotations/notes.txt": "x",
      "cover.png": await picture(2),
    };
    for (const set of await everywhere(files)) {
      expect(seen(set)).toEqual([2, ["cat", "dog"], [0, 1]]);
      expect(left(set)).toEqual(["1 annotations/notes.txt", "1 val", "2 images next to the splits"]);
    }
  });

  it("of testing are never taken by themselves", async () => {
    const files = { "test/a.png": await picture(1), "val/b.png": await picture(2) };
    await expect(everywhere(files)).rejects.toThrow(/has no split train, it has test, val.*Set split/);
  });

  it.each([
    ["seg_train", "seg_test", "seg_pred"],
    ["mnist_train", "mnist_test", "mnist_rest"],
  ])("are folders that share their other words: %s, %s", async (train, test, rest) => {
    const files = {
      [`${train}/cat/1.png`]: await picture(10),
      [`${train}/dog/2.png`]: await picture(20),
      [`${test}/cat/3.png`]: await picture(30),
      [`${rest}/4.png`]: await picture(40),
    };
    for (const set of await everywhere(files)) {
      expect(seen(set)).toEqual([2, ["cat", "dog"], [0, 1]]);
      expect(left(set)).toEqual(["1 images next to the splits", `1 ${test}`]);
    }
    for (const set of await everywhere(files, { split: "test" }))
      expect((await set.image(0)).pixels[0]).toBe(30);
  });

  it.each([
    ["train-set", "hold-out"],
    ["training data", "holdout"],
    ["trainset", "held-out"],
    ["train_set", "eval"],
  ])("are folders however their words are joined: %s, %s", async (train, other) => {
    const files = { [`${train}/1.png`]: await picture(10), [`${other}/2.png`]: await picture(20) };
    for (const set of await everywhere(files)) {
      expect(seen(set)).toEqual([1, undefined, undefined]);
      expect(left(set)).toEqual([`1 ${other}`]);
    }
  });

  it("of two domains are refused with the splits to choose from", async () => {
    const names = ["trainA/1.png", "trainB/1.png", "testA/1.png", "testB/1.png"];
    const files = Object.fromEntries(
      await Promise.all(names.map(async (name, i) => [name, await picture(10 * (i + 1))] as const)),
    );
    await expect(everywhere(files)).rejects.toThrow(/has 2 splits for training: trainA, trainB.*Set split/);
    for (const set of await everywhere(files, { split: "trainB" }))
      expect([set.length, (await set.image(0)).pixels[0]]).toEqual([1, 20]);
  });

  it("are the first words of the names where all pictures' names begin so", async () => {
    const files = {
      "cat/train_1.png": await picture(10),
      "cat/test_1.png": await picture(20),
      "dog/train_2.png": await picture(30),
    };
    for (const set of await everywhere(files)) {
      expect(seen(set)).toEqual([2, ["cat", "dog"], [0, 1]]);
      expect(left(set)).toEqual(["1 test"]);
    }
    for (const set of await everywhere({ ...files, "dog/bus_3.png": await picture(40) }))
      expect(set.length).toBe(4);
  });

  it("are no splits where two classes have the words among others", async () => {
    const files = { "bullet_train/1.png": await picture(1), "test_tube/2.png": await picture(2) };
    for (const set of await everywhere(files)) expect(set.classes).toEqual(["bullet_train", "test_tube"]);
  });

  it("are no splits where one class is called train among others", async () => {
    const files = { "bus/1.png": await picture(1), "train/2.png": await picture(2) };
    for (const set of await everywhere(files)) expect(set.classes).toEqual(["bus", "train"]);
  });
});

describe("class folders", () => {
  it("called by whole numbers are ordered by number, and a number names its class", async () => {
    const names = ["0", "1", "10", "11", "2", "9"];
    const files = Object.fromEntries(
      await Promise.all(
        names.map(async (name) => [`${name}/x.png`, await picture(20 * Number(name))] as const),
      ),
    );
    for (const set of await everywhere(files)) expect(set.classes).toEqual(["0", "1", "2", "9", "10", "11"]);
    for (const set of await everywhere(files, { classes: [9] }))
      expect([set.length, (await set.image(0)).pixels[0]]).toEqual([1, 180]);
    const padded = {
      "01/a.png": await picture(1),
      "02/a.png": await picture(2),
      "10/a.png": await picture(10),
    };
    for (const wanted of ["2", 2, "02"])
      for (const set of await everywhere(padded, { classes: [wanted] }))
        expect((await set.image(0)).pixels[0]).toBe(2);
    await expect(everywhere(padded, { classes: [0] })).rejects.toThrow(
      /no class 0, expected one of 01; 02; 10/,
    );
  });

  it("keep their numbers where all pictures of one are of a kind that is not decoded", async () => {
    const files = {
      "cat/1.png": await picture(1),
      "dog/1.heic": "x",
      "fox/1.png": await picture(2),
      "notes/a.txt": "x",
    };
    for (const set of await everywhere(files)) {
      expect(seen(set)).toEqual([2, ["cat", "dog", "fox"], [0, 2]]);
      expect(left(set)).toEqual(["1 .heic files", "1 dog/", "1 notes/a.txt"]);
    }
  });

  it("of masks and other pictures about the images are none", async () => {
    const files = {
      "data/images/cat/1.png": await picture(1),
      "data/images/dog/2.png": await picture(2),
      "data/masks/cat/1.png": await picture(255),
    };
    for (const set of await everywhere(files)) {
      expect(seen(set)).toEqual([2, ["cat", "dog"], [0, 1]]);
      expect(left(set)).toEqual(["1 images in other folders"]);
    }
    const split = { "train/images/1.png": await picture(1), "train/masks/1.png": await picture(2) };
    for (const set of await everywhere(split)) expect([set.length, set.classes]).toEqual([1, undefined]);
  });

  it("that only keep folders small are none", async () => {
    const files = {
      "00000/img00000001.png": await picture(1),
      "00001/img00001000.png": await picture(2),
    };
    for (const set of await everywhere(files)) expect(set.classes).toBeUndefined();
    const signs = { "00000/00000_00001.png": await picture(1), "00001/00000_00001.png": await picture(2) };
    for (const set of await everywhere(signs)) expect(set.classes).toEqual(["00000", "00001"]);
  });
});

describe("a list next to the images", () => {
  const two = async () => ({ "a.png": await picture(1), "b.png": await picture(2) });
  it.each<[string, string]>([
    ["labels.csv", "file_name,label\na.png,dog\nb.png,cat\n"],
    ["labels.csv", "file_name;label\r\n a.png ;dog\r\n.\\b.png;cat\r\n"],
    ["metadata.csv", "file_name,text,label\na.png,one,dog\nb.png,two,cat\n"],
    ["metadata.jsonl", '{"file_name":"a.png","label":"dog"}\n{"file_name":"b.png","label":"cat"}\n'],
    ["labels.json", '[["a.png","dog"],["b.png","cat"]]'],
    ["dataset.json", '{"labels":[["a.png","dog"],["b.png","cat"]]}'],
    ["train_labels.csv", "id,label\na,dog\nb,cat\n"],
    ["labels.csv", "class id,labels,filepaths,data set\n1,dog,a.png,x\n0,cat,b.png,x\n"],
    ["labels.csv", "Image Path|Class-Name\na.png|dog\nb.png|cat\n"],
    ["annotations.json", '[{"imageName":"a.png","className":"dog"},{"imageName":"b.png","className":"cat"}]'],
  ])("%s is found by itself: %s", async (name, text) => {
    for (const set of await everywhere({ ...(await two()), [name]: text })) {
      expect([seen(set), left(set)]).toEqual([[2, ["cat", "dog"], [1, 0]], []]);
    }
  });

  it("inside a split is found, and names files from there", async () => {
    const files = {
      "x/train/a.png": await picture(1),
      "x/train/deep/b.png": await picture(2),
      "x/train/metadata.csv": "file_name,label\na.png,1\ndeep/b.png,0\n",
      "x/test/c.png": await picture(3),
    };
    for (const set of await everywhere(files)) expect(seen(set)).toEqual([2, ["0", "1"], [1, 0]]);
  });

  it.each([
    ["", /labels.csv gives b.png no label/],
    ["b.png,\n", /labels.csv gives b.png no label/],
    ['b.png," "\n', /labels.csv gives b.png no label/],
  ])("without a label for an image is refused, row %j", async (row, message) => {
    const text = `file_name,label\na.png,cat\n${row}`;
    await expect(everywhere({ ...(await two()), "labels.csv": text })).rejects.toThrow(message);
  });

  it("is reported where it is not used, with the reason", async () => {
    const lists = {
      "captions.csv": "file_name,text\na.png,x\n",
      "metadata.csv": "file_name,text\na.png,x\n",
    };
    for (const set of await everywhere({ ...(await two()), ...lists })) {
      expect(left(set)).toEqual(["1 captions.csv", "1 metadata.csv"]);
      expect(set.notUsed!.find(({ what }) => what === "metadata.csv")!.reason).toMatch(
        /expected one of label/,
      );
    }
    const folders = { "cat/a.png": await picture(1), "dog/b.png": await picture(2) };
    const labels = { "labels.csv": "file,label\ncat/a.png,7\ndog/b.png,3\n" };
    for (const set of await everywhere({ ...folders, ...labels })) {
      expect([set.classes, left(set)]).toEqual([["cat", "dog"], ["1 labels.csv"]]);
      expect(set.notUsed![0]!.reason).toMatch(/folders are the classes; set labels/);
    }
    for (const set of await everywhere({ ...folders, ...labels }, { labels: "labels.csv" }))
      expect(Array.from(set.labels!)).toEqual([7, 3]);
  });

  it("of NVlabs says of shards which labels they have, or that there are none", async () => {
    const files = { "00000/img00000000.png": await picture(1), "00001/img00001000.png": await picture(2) };
    const pairs = '{"labels":[["00000/img00000000.png",3],["00001/img00001000.png",[0,1,0]]]}';
    for (const set of await everywhere({ ...files, "dataset.json": pairs }))
      expect(Array.from(set.labels!)).toEqual([3, 1]);
    for (const set of await everywhere({ ...files, "dataset.json": '{"labels":null}' }))
      expect([set.classes, left(set)]).toEqual([undefined, []]);
  });
});

describe("names", () => {
  it("are in one form before anything looks at them", async () => {
    const composed = "\u00e9/1.png";
    const stored = {
      "./cat/1.png": await picture(10),
      "dog\\2.png": await picture(20),
      " dog /3.png": await picture(30),
      "e\u0301/4.png": await picture(40),
    };
    const path = await folderOf({ "a.zip": zipped(stored) });
    const set = await openDataset(join(path, "a.zip"));
    expect(seen(set)).toEqual([4, ["cat", "dog", "\u00e9"], [0, 1, 1, 2]]);
    const twice = { "e\u0301/1.png": await picture(1), [composed]: await picture(2) };
    await expect(openDataset(join(await folderOf({ "a.zip": zipped(twice) }), "a.zip"))).rejects.toThrow(
      /holds \u00e9\/1.png twice/,
    );
  });

  it.each(["..\\a.png", "C:\\a.png", "\\a.png", " ../a.png"])(
    "that lead outside are refused: %s",
    async (name) => {
      const path = await folderOf({ "a.zip": zipped({ [name]: await picture(1) }) });
      await expect(openDataset(join(path, "a.zip"))).rejects.toThrow(/a name that leads outside/);
    },
  );
});

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

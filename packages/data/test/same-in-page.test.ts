import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { parquetWriteBuffer } from "hyparquet-writer";
import { expect, it } from "vitest";
import { openFiles } from "../src/browser/index.ts";
import type { NotUsed } from "../src/datasets/not-used.ts";
import { openDataset } from "../src/node/index.ts";
import { npyBytes } from "./fuzz/byte-targets.ts";
import { idxBytes, ramp } from "./idx-bytes.ts";
import { type Files, tarBytes, zipped } from "./packed-everywhere.ts";
import { folderOf, picture } from "./temporary-folder.ts";

const [dark, light] = [await picture(7), await picture(99)];
const images = idxBytes([3, 4, 4], ramp(48));
const array = (shape: string, data: Iterable<number>): Uint8Array =>
  npyBytes("|u1", shape, Uint8Array.from(data));
const letters = "emnist-letters-train";

function qmnistLabels(labels: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(12 + 32 * labels.length);
  bytes.set([0, 0, 12, 2]);
  const view = new DataView(bytes.buffer);
  view.setUint32(4, labels.length);
  view.setUint32(8, 8);
  for (const [row, label] of labels.entries()) view.setInt32(12 + 32 * row, label);
  return bytes;
}

function parquet(columns: Readonly<Record<string, readonly (string | null)[]>>): Uint8Array {
  const image = {
    name: "image",
    data: [dark, light].map((bytes) => Uint8Array.from(bytes)),
    type: "BYTE_ARRAY",
  };
  const others = Object.entries(columns).map(([name, data]) => ({
    name,
    data,
    type: "STRING",
    nullable: true,
  }));
  return new Uint8Array(parquetWriteBuffer({ columnData: [image, ...others] as never }));
}

interface Facts {
  readonly count: number;
  readonly classes?: string;
  readonly labels?: string;
  readonly left?: readonly string[];
}

const cases: readonly (readonly [what: string, files: Files, expected: Facts | RegExp])[] = [
  [
    "splits in capitals",
    { "TRAIN/cat/a.png": dark, "TRAIN/dog/b.png": light, "TEST/cat/c.png": dark },
    { count: 2, classes: "cat dog", labels: "0 1", left: ["1 TEST"] },
  ],
  [
    "splits with folders of images and of labels",
    {
      "train/images/a.png": dark,
      "valid/images/b.png": light,
      "train/labels/a.txt": "0 1",
      "data.yaml": "x",
    },
    { count: 1, left: ["1 data.yaml", "1 train/labels/a.txt", "1 valid"] },
  ],
  [
    "splits in every class folder",
    { "cat/train/a.png": dark, "cat/test/b.png": light, "dog/train/c.png": dark },
    { count: 2, classes: "cat dog", labels: "0 1", left: ["1 test"] },
  ],
  ["a test split alone", { "test/a.png": dark }, /has no split train, it has test/],
  [
    "two domains",
    { "trainA/a.png": dark, "trainB/b.png": light, "testA/c.png": dark, "testB/d.png": light },
    /2 splits for training/,
  ],
  [
    "class folders called by numbers",
    { "10/a.png": dark, "9/b.png": light, "1/c.png": dark },
    { count: 3, classes: "1 9 10", labels: "0 2 1" },
  ],
  [
    "names of Windows",
    { "set\\cat\\a.png": dark, "set\\dog\\b.png": light, "set\\Thumbs.db": "x" },
    { count: 2, classes: "cat dog", labels: "0 1" },
  ],
  [
    "files of macOS",
    {
      "cat/a.png": dark,
      "cat/._a.png": "x",
      "__MACOSX/cat/._a.png": "x",
      "dog/b.png": light,
      ".DS_Store": "x",
    },
    { count: 2, classes: "cat dog", labels: "0 1" },
  ],
  [
    "a class whose pictures are not decoded",
    { "cat/a.png": dark, "dog/b.heic": "x", "fox/c.png": light },
    { count: 2, classes: "cat dog fox", labels: "0 2", left: ["1 .heic files", "1 dog/"] },
  ],
  [
    "a picture next to class folders",
    { "cat/a.png": dark, "dog/b.png": light, "c.png": dark },
    /next to them/,
  ],
  [
    "a list with semicolons, and one of captions",
    {
      "a.png": dark,
      "b.png": light,
      "labels.csv": "image;class\na.png;x\nb.png;y\n",
      "metadata.csv": "file,text\na.png,t\n",
    },
    { count: 2, classes: "x y", labels: "0 1", left: ["1 metadata.csv"] },
  ],
  [
    "a list in UTF-16 with backslashes",
    {
      "d/a.png": dark,
      "d/b.png": light,
      "labels.csv": Uint8Array.from([
        0xff,
        0xfe,
        ...Buffer.from("image,class\r\nd\\a.png,x\r\nd\\b.png,y\r\n", "utf16le"),
      ]),
    },
    { count: 2, classes: "x y", labels: "0 1" },
  ],
  [
    "Kaggle's CIFAR-10: names without endings",
    {
      "train/1.png": dark,
      "train/2.png": light,
      "test/1.png": dark,
      "trainLabels.csv": "id,label\n1,frog\n2,truck\n",
    },
    { count: 2, classes: "frog truck", labels: "0 1", left: ["1 test"] },
  ],
  [
    "two lists of labels",
    { "a.png": dark, "labels.csv": "image,label\na.png,1\n", "metadata.csv": "file_name,label\na.png,0\n" },
    /has 2 lists of labels: labels.csv, metadata.csv/,
  ],
  [
    "a list of splits",
    { "a.png": dark, "b.png": light, "labels.csv": "file,label,split\na.png,x,train\nb.png,y,test\n" },
    { count: 1, classes: "x", labels: "0", left: ["1 test"] },
  ],
  [
    "a table with a column of splits, and names in capitals",
    { "a.parquet": parquet({ Label: ["dog", "cat"], Split: ["train", "test"] }) },
    { count: 1, classes: "dog", labels: "0", left: ["1 test"] },
  ],
  [
    "a table of the configuration that goes first",
    { "default/train/0.parquet": parquet({}), "other/train/0.parquet": parquet({}) },
    { count: 2, left: ["1 other/train/"] },
  ],
  [
    "MNIST in folders of the files' own names",
    {
      "train-images-idx3-ubyte/train-images-idx3-ubyte": images,
      "train-labels-idx1-ubyte/train-labels-idx1-ubyte": idxBytes([3], [7, 2, 1]),
    },
    { count: 3, classes: "0 1 2 3 4 5 6 7", labels: "7 2 1" },
  ],
  [
    "QMNIST",
    {
      "qmnist-train-images-idx3-ubyte.gz": gzipSync(images),
      "qmnist-train-labels-idx2-int.gz": gzipSync(qmnistLabels([7, 2, 1])),
      "qmnist-test-images-idx3-ubyte": images,
    },
    { count: 3, classes: "0 1 2 3 4 5 6 7 8 9", labels: "7 2 1", left: ["1 test"] },
  ],
  [
    "EMNIST's letters",
    { [`${letters}-images-idx3-ubyte`]: images, [`${letters}-labels-idx1-ubyte`]: idxBytes([3], [1, 26, 2]) },
    { count: 3, classes: [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"].join(" "), labels: "0 25 1" },
  ],
  [
    "two sets of IDX files",
    {
      "train-images-idx3-ubyte": images,
      "train-labels-idx1-ubyte": idxBytes([3], [1, 0, 1]),
      [`${letters}-images-idx3-ubyte`]: images,
      [`${letters}-labels-idx1-ubyte`]: idxBytes([3], [1, 2, 3]),
    },
    { count: 3, classes: "0 1", labels: "1 0 1", left: ["1 emnist-letters"] },
  ],
  [
    "IDX labels of another number",
    { "train-images-idx3-ubyte": images, "train-labels-idx1-ubyte": idxBytes([2], [1, 0]) },
    /labels of shape \[2\] for 3 images/,
  ],
  [
    "arrays of splits",
    {
      "x_train.npy": array("3, 4, 4", ramp(48)),
      "y_train.npy": array("3, 1", [2, 0, 1]),
      "x_test.npy": array("1, 4, 4", ramp(16)),
    },
    { count: 3, classes: "0 1 2", labels: "2 0 1", left: ["1 test"] },
  ],
  [
    "MedMNIST's archive of arrays",
    {
      "pathmnist.npz": zipped({
        "train_images.npy": array("3, 4, 4", ramp(48)),
        "train_labels.npy": array("3, 1", [1, 0, 2]),
        "val_images.npy": array("1, 4, 4", ramp(16)),
      }),
    },
    { count: 3, classes: "0 1 2", labels: "1 0 2", left: ["1 validation"] },
  ],
  ["an archive that holds another", { "in/train.zip": zipped({ "a.png": dark }) }, /archive.*train\.zip/],
];

const blobOf = (content: Uint8Array | string): Blob =>
  new Blob([typeof content === "string" ? content : Uint8Array.from(content)]);

const factsOf = (set: {
  readonly length: number;
  readonly classes?: readonly string[] | undefined;
  readonly labels?: ArrayLike<number> | undefined;
  readonly notUsed?: readonly NotUsed[];
}): unknown => ({
  count: set.length,
  classes: set.classes?.join(" "),
  labels: set.labels && Array.from(set.labels).join(" "),
  left: (set.notUsed ?? []).map(({ what, count }) => `${count} ${what}`).sort(),
});

it.each(cases)("%s: the same in Node and in the page, as a folder and packed", async (_, files, expected) => {
  const isPixels = Object.keys(files).some((name) => /idx\d|\.np[yz]$/.test(name));
  const options = isPixels ? {} : { size: 2 };
  const tar = await tarBytes(files);
  const packed = { "set.zip": zipped(files), "set.tar": tar, "set.tgz": gzipSync(tar) };
  const folder = await folderOf(
    Object.fromEntries(Object.entries(files).map(([name, bytes]) => [`set/${name}`, bytes])),
  );
  for (const [name, bytes] of Object.entries(packed)) await writeFile(join(folder, name), bytes);
  // A folder on this system cannot hold names of Windows in folders.
  const asFolder = !Object.keys(files).some((name) => name.includes("\\"));
  const given = Object.entries(files).map(([name, content]) => ({
    path: `set/${name}`,
    blob: blobOf(content),
  }));
  const ways = [
    ...(asFolder ? [() => openDataset(join(folder, "set"), options), () => openFiles(given, options)] : []),
    ...Object.entries(packed).flatMap(([name, bytes]) => [
      () => openDataset(join(folder, name), options),
      () => openFiles([{ path: name, blob: blobOf(bytes) }], options),
    ]),
  ];
  for (const open of ways) {
    if (expected instanceof RegExp) await expect(open()).rejects.toThrow(expected);
    else
      expect(factsOf(await open())).toEqual({ classes: undefined, labels: undefined, left: [], ...expected });
  }
});

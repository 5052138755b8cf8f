import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { idxName, knownSet } from "../src/authoring.ts";
import { openDataset } from "../src/node/index.ts";
import { idxBytes, ramp } from "./idx-bytes.ts";
import { folderOf } from "./temporary-folder.ts";

/** An IDX file of 32-bit numbers, [N, columns]. */
function idxInts(rows: readonly (readonly number[])[]): Uint8Array {
  const header = idxBytes([rows.length, rows[0]!.length], []);
  header[2] = 12;
  const numbers = Buffer.alloc(4 * rows.flat().length);
  for (const [i, number] of rows.flat().entries()) numbers.writeInt32BE(number, 4 * i);
  return Uint8Array.from([...header, ...numbers]);
}

describe("names of IDX files", () => {
  it.each([
    ["train-images-idx3-ubyte", "images", "", "train"],
    ["a/t10k-labels.idx1-ubyte.gz", "labels", "", "test"],
    ["qmnist-test-labels-idx2-int", "labels", "qmnist", "test"],
    ["xnist-images-idx3-ubyte.xz", "images", "xnist", undefined],
    ["emnist-letters-train-images-idx3-ubyte.gz", "images", "emnist-letters", "train"],
    ["emnist-mnist-test-labels-idx1-ubyte", "labels", "emnist-mnist", "test"],
    ["images-idx3-ubyte", "images", "", undefined],
    ["validation-labels-idx1-ubyte", "labels", "", "validation"],
  ])("%s holds %s of %s, split %s", (path, what, set, split) => {
    expect(idxName(path)).toEqual({ what, set, split });
  });

  it.each(["train-images.png", "emnist-letters-mapping.txt", "images.npy", "train-images-idx3-ubyte/a.png"])(
    "%s is another file's",
    (path) => expect(idxName(path)).toBeUndefined(),
  );
});

describe("the MNIST family as published", () => {
  it("opens Kaggle's MNIST, whose files are in folders of their own names", async () => {
    const path = await folderOf({
      "train-images-idx3-ubyte/train-images-idx3-ubyte": idxBytes([3, 2, 2], ramp(12)),
      "train-labels-idx1-ubyte/train-labels-idx1-ubyte": idxBytes([3], [7, 2, 1]),
      "t10k-images.idx3-ubyte": idxBytes([1, 2, 2], ramp(4)),
      "t10k-labels.idx1-ubyte": idxBytes([1], [5]),
    });
    expect(Array.from((await openDataset(path)).labels!)).toEqual([7, 2, 1]);
    expect(Array.from((await openDataset(path, { split: "test" })).labels!)).toEqual([5]);
  });

  it("takes the class from the first column of QMNIST's labels", async () => {
    const path = await folderOf({
      "qmnist-train-images-idx3-ubyte.gz": gzipSync(idxBytes([2, 2, 2], ramp(8))),
      "qmnist-train-labels-idx2-int.gz": gzipSync(
        idxInts([
          [7, 0, 2433, 0, 260, 5, 0, 0],
          [2, 1, 39, 1, 2, 3, 0, 0],
        ]),
      ),
    });
    expect(await openDataset(path)).toMatchObject({ name: "qmnist", labels: Int32Array.of(7, 2) });
    expect((await openDataset(path)).classes).toHaveLength(10);
  });

  it("refuses labels of another shape, floats and images that are no bytes", async () => {
    const images = idxBytes([2, 2, 2], ramp(8));
    const opened = async (labels: Uint8Array, pictures = images) =>
      openDataset(await folderOf({ "train-images-idx3-ubyte": pictures, "train-labels-idx1-ubyte": labels }));
    await expect(
      opened(
        idxInts([
          [1, 2, 3],
          [1, 2, 3],
        ]),
      ),
    ).rejects.toThrow(/\[2, 3\], expected \[N\], or QMNIST's/);
    const floats = Uint8Array.from([0, 0, 13, 1, 0, 0, 0, 2, ...new Uint8Array(8)]);
    await expect(opened(floats)).rejects.toThrow(/labels are 32-bit floats, expected whole numbers/);
    const signed = images.with(2, 9);
    await expect(opened(idxBytes([2], [0, 1]), signed)).rejects.toThrow(
      /images are signed bytes, expected unsigned bytes/,
    );
  });

  const letter = (at: number): number[] => Array.from({ length: 6 }, (_, i) => (i === at ? 9 : i));
  const emnist = (set: string, labels: readonly number[]) => ({
    [`emnist-${set}-train-images-idx3-ubyte`]: idxBytes([2, 2, 3], [...letter(0), ...letter(1)]),
    [`emnist-${set}-train-labels-idx1-ubyte`]: idxBytes([2], labels),
  });

  it("turns EMNIST upright and counts its letters from 0", async () => {
    const set = await openDataset(await folderOf(emnist("letters", [1, 26])));
    expect(set).toMatchObject({ name: "emnist-letters", shape: [3, 2, 1], flippable: false });
    expect([set.classes![0], set.classes![25], Array.from(set.labels!)]).toEqual(["A", "Z", [0, 25]]);
    // Stored [[9, 1, 2], [3, 4, 5]].
    expect([...(await set.image(0)).pixels]).toEqual([9, 3, 1, 4, 2, 5]);
    await expect(openDataset(await folderOf(emnist("letters", [0, 26])))).rejects.toThrow(
      /label 0, expected from 1/,
    );
  });

  it("takes EMNIST's classes from its mapping", async () => {
    const mapping = Buffer.from("1 66 98\n2 65 97\n");
    const files = { ...emnist("letters", [2, 1]), "emnist-letters-mapping.txt": mapping };
    const set = await openDataset(await folderOf(files));
    expect([set.classes, Array.from(set.labels!)]).toEqual([
      ["B", "A"],
      [1, 0],
    ]);
    const wrong = { ...files, "emnist-letters-train-labels-idx1-ubyte": idxBytes([2], [3, 1]) };
    await expect(openDataset(await folderOf(wrong))).rejects.toThrow(/label 3, expected one of 1, 2/);
  });

  it("asks which, where a folder has several sets", async () => {
    const path = await folderOf({ ...emnist("letters", [1, 2]), ...emnist("digits", [3, 4]) });
    await expect(openDataset(path)).rejects.toThrow(
      /2 sets: emnist-digits, emnist-letters\. Set `set` to one/,
    );
    expect(await openDataset(path, { set: "emnist-digits" })).toMatchObject({ labels: Int32Array.of(3, 4) });
    expect(await openDataset(path, { set: "letters" })).toMatchObject({ labels: Int32Array.of(0, 1) });
    const one = await openDataset(join(path, "emnist-digits-train-images-idx3-ubyte"));
    expect([one.name, Array.from(one.labels!)]).toEqual(["emnist-digits", [3, 4]]);
  });

  it("knows how many classes each set has", () => {
    const counts = { byclass: 62, bymerge: 47, balanced: 47, letters: 26, digits: 10, mnist: 10 };
    for (const [name, count] of Object.entries(counts))
      expect([name, new Set(knownSet(`emnist-${name}`)?.classes).size]).toEqual([name, count]);
    expect(new Set(knownSet("k49")?.classes).size).toBe(49);
  });

  it("unpacks gzip of several members and with zeros behind", async () => {
    const [images, labels] = [idxBytes([3, 2, 2], ramp(12)), idxBytes([3], [7, 2, 1])];
    const path = await folderOf({
      "train-images-idx3-ubyte.gz": Buffer.concat([
        gzipSync(images.subarray(0, 9)),
        gzipSync(images.subarray(9)),
      ]),
      "train-labels-idx1-ubyte.gz": Buffer.concat([gzipSync(labels), Buffer.alloc(512)]),
    });
    const set = await openDataset(path);
    expect([set.length, Array.from(set.labels!)]).toEqual([3, [7, 2, 1]]);
    expect([...(await set.image(2)).pixels]).toEqual([8, 9, 10, 11]);
  });
});

import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openDataset } from "../src/node/index.ts";
import { everywhere, left, seen, zipped } from "./packed-everywhere.ts";
import { folderOf, picture } from "./temporary-folder.ts";

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

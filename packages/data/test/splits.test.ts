import { describe, expect, it } from "vitest";
import { isSplit, splitOfFile, splitOfFolder } from "../src/listing/splits/split-name.ts";
import { everywhere, left, seen } from "./packed-everywhere.ts";
import { picture } from "./temporary-folder.ts";

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
    ["trn", "train"],
    ["vld", "validation"],
    ["tst_images", "test"],
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

  it("may have words of their own where all have a split's word and one is the training split", async () => {
    const image = await picture(3);
    const files = { "Training/a.png": image, "PublicTest/b.png": image, "PrivateTest/c.png": image };
    for (const set of await everywhere(files))
      expect([set.length, set.classes, left(set)]).toEqual([1, undefined, ["1 PrivateTest", "1 PublicTest"]]);
    for (const set of await everywhere(files, { split: "PublicTest" })) expect(set.length).toBe(1);
    const list = "emotion,file,Usage\n3,a.png,Training\n1,b.png,PublicTest\n0,c.png,PrivateTest\n";
    const flat = { "a.png": image, "b.png": image, "c.png": image };
    const listed = { ...flat, "labels.csv": list.replace("emotion", "label") };
    for (const set of await everywhere(listed))
      expect([set.length, Array.from(set.labels!), left(set)]).toEqual([
        1,
        [3],
        ["1 privatetest", "1 publictest"],
      ]);
    await Promise.all(
      [files, listed].map(async (one) =>
        expect(everywhere(one, { split: "test" })).rejects.toThrow(/has 2 splits for test: /),
      ),
    );
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

import { describe, expect, it } from "vitest";
import { openDataset } from "../src/node/index.ts";
import { folderOf, picture } from "./temporary-folder.ts";

const files = async () => ({
  "wnids.txt": "n02\nn01\n",
  "words.txt": "n00\tother\nn01\tgoldfish, Carassius auratus\nn02\tbullfrog\n",
  "train/n01/images/n01_0.JPEG": await picture(10, 4, "jpeg"),
  "train/n01/n01_boxes.txt": "n01_0.JPEG\t0\t0\t1\t1\n",
  "train/n02/images/n02_0.JPEG": await picture(200, 4, "jpeg"),
  "val/images/val_0.JPEG": await picture(100, 4, "jpeg"),
  "val/images/val_1.JPEG": await picture(101, 4, "jpeg"),
  "val/val_annotations.txt": "val_1.JPEG\tn01\t0\t0\t1\t1\nval_0.JPEG\tn02\t0\t0\t1\t1\n",
  "test/images/test_0.JPEG": await picture(1, 4, "jpeg"),
});

describe("Tiny ImageNet's layout", () => {
  it("labels by the order of wnids.txt, names by words.txt", async () => {
    const path = await folderOf(await files());
    const train = await openDataset(path);
    expect(train.classes).toEqual(["bullfrog", "goldfish, Carassius auratus"]);
    expect([Array.from(train.labels!), train.shape]).toEqual([
      [1, 0],
      [4, 4, 3],
    ]);
    const first = await train.image(0);
    expect([Math.abs(first.pixels[0]! - 10) < 3, first.label]).toEqual([true, 1]);
    const val = await openDataset(path, { split: "val" });
    expect([Array.from(val.labels!), (await val.image(1)).label]).toEqual([[0, 1], 1]);
    const test = await openDataset(path, { split: "test" });
    expect([test.length, test.labels, test.classes]).toEqual([1, undefined, undefined]);
  });

  it("keeps classes by WNID, by name, by number", async () => {
    const path = await folderOf(await files());
    for (const wanted of ["n01", "goldfish", 1]) {
      const some = await openDataset(path, { classes: [wanted] });
      expect([some.length, (await some.image(0)).label]).toEqual([1, 1]);
    }
    await expect(openDataset(path, { classes: ["n09"] })).rejects.toThrow(/no class "n09"/);
  });

  it("is called by WNIDs without words.txt", async () => {
    const { "words.txt": _, ...rest } = await files();
    expect((await openDataset(await folderOf(rest))).classes).toEqual(["n02", "n01"]);
  });

  it.each<[string, Record<string, string | Uint8Array>, object, RegExp]>([
    ["a class not listed", { "wnids.txt": "n02\n" }, {}, /train\/n01.*class n01 is not in wnids.txt/],
    ["a list of something else", { "wnids.txt": "<html>" }, {}, /wnids.txt: "<html>", expected WNIDs/],
    ["an empty list", { "wnids.txt": "\n" }, {}, /wnids.txt: "", expected WNIDs/],
    ["a class listed twice", { "wnids.txt": "n01\nn02\nn01" }, {}, /names a class twice/],
    ["bytes that are no text", { "wnids.txt": Uint8Array.of(0xff, 0xfe, 0) }, {}, /wnids.txt is not UTF-8/],
    [
      "an image without annotation",
      { "val/val_annotations.txt": "val_0.JPEG\tn01\n" },
      { split: "val" },
      /does not name val_1.JPEG/,
    ],
  ])("refuses %s", async (_, broken, options, message) => {
    const path = await folderOf({ ...(await files()), ...broken });
    await expect(openDataset(path, options)).rejects.toThrow(message);
  });

  it("refuses a split that is not there", async () => {
    const path = await folderOf({ "wnids.txt": "n01", "train/n01/images/a.png": await picture(1) });
    await expect(openDataset(path, { split: "val" })).rejects.toThrow(/has no folder val/);
  });
});

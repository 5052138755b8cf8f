import { describe, expect, it } from "vitest";
import { openFiles } from "../src/browser/index.ts";
import { parseLabelList } from "../src/labels/label-list.ts";
import { type OpenedDataset, openDataset } from "../src/node/index.ts";
import { folderOf, picture } from "./temporary-folder.ts";

const four = async () => ({
  "a.png": await picture(10),
  "b.png": await picture(20),
  "c.png": await picture(30),
  "d.png": await picture(40),
});
const values = async (set: OpenedDataset): Promise<number[]> =>
  Promise.all(Array.from({ length: set.length }, async (_, i) => (await set.image(i)).pixels[0]!));
const left = ({ notUsed = [] }: Pick<OpenedDataset, "notUsed">) =>
  notUsed.map(({ what, count, reason }) => `${count} ${what}: ${reason}`).sort();

describe("a list with a column of splits", () => {
  const rows = [
    ["a.png", "cat", "train"],
    ["b.png", "dog", "train"],
    ["c.png", "cat", "val"],
    ["d.png", "ox", "test"],
  ];
  const csv = (column: string): string =>
    `file_name,label,${column}\n${rows.map((row) => row.join(",")).join("\n")}\n`;
  const jsonl = rows
    .map(([file_name, label, split]) => JSON.stringify({ file_name, label, split }))
    .join("\n");

  it.each<[string, string]>([
    ["labels.csv", csv("split")],
    ["metadata.csv", csv("Subset")],
    ["labels.csv", csv("set").replaceAll("train", "Training").replaceAll("val", "dev")],
    ["train_labels.csv", csv("partition")],
    ["metadata.jsonl", jsonl],
    ["labels.csv", csv("fold").replaceAll("val", "unlabelled")],
  ])("opens the training images alone: %s, %#", async (name, text) => {
    const set = await openDataset(await folderOf({ ...(await four()), [name]: text }));
    expect([set.classes, Array.from(set.labels!), await values(set)]).toEqual([
      ["cat", "dog"],
      [0, 1],
      [10, 20],
    ]);
    const other = /unlabelled/.exec(text)?.[0] ?? /dev/.exec(text)?.[0] ?? "val";
    const opened = /Training/.test(text) ? "training" : "train";
    expect(left(set)).toEqual(
      [`1 ${other}: another split; ${opened} is opened`, `1 test: another split; ${opened} is opened`].sort(),
    );
  });

  it.each<[string, number[], string[]]>([
    ["val", [30], ["cat"]],
    ["validation", [30], ["cat"]],
    ["test", [40], ["ox"]],
  ])("opens %s where that is wanted", async (split, pixels, classes) => {
    const path = await folderOf({ ...(await four()), "train_labels.csv": csv("split") });
    const set = await openDataset(path, { split });
    expect([await values(set), set.classes]).toEqual([pixels, classes]);
  });

  it("divides images in class folders, with labels left out, and without any", async () => {
    const files = await four();
    const text = "path,split\ncat/a.png,train\ndog/b.png,train\ncat/c.png,test\ndog/d.png,\n";
    const folders = {
      "cat/a.png": files["a.png"],
      "dog/b.png": files["b.png"],
      "cat/c.png": files["c.png"],
      "dog/d.png": files["d.png"],
      "splits.csv": text,
    };
    const set = await openDataset(await folderOf(folders));
    expect([set.classes, Array.from(set.labels!), await values(set)]).toEqual([
      ["cat", "dog"],
      [0, 1],
      [10, 20],
    ]);
    expect(left(set)).toEqual([
      "1 images next to the splits: not in the split train",
      "1 test: another split; train is opened",
    ]);
    const bare = await openDataset(await folderOf(folders), { labels: false });
    expect([bare.classes, bare.length]).toEqual([undefined, 2]);
    const flat = await openDataset(
      await folderOf({ ...files, "metadata.csv": "name,split\na.png,train\nb.png,valid\n" }),
    );
    expect([flat.classes, await values(flat)]).toEqual([undefined, [10]]);
  });

  it("holds in the page as in Node", async () => {
    const files = { ...(await four()), "labels.csv": new TextEncoder().encode(csv("split")) };
    const given = Object.entries(files).map(([name, bytes]) => ({
      path: `f/${name}`,
      blob: new Blob([Uint8Array.from(bytes)]),
    }));
    const set = await openFiles(given, { size: 2 });
    expect([set.length, set.classes]).toEqual([2, ["cat", "dog"]]);
    expect(set.notUsed.map(({ what }) => what).sort()).toEqual(["test", "val"]);
  });

  it("gives way to folders that are splits, and numbers of folds are none", async () => {
    const files = await four();
    const folders = { "train/a.png": files["a.png"], "test/b.png": files["b.png"] };
    const text = "file_name,label,split\ntrain/a.png,x,test\ntest/b.png,y,train\n";
    const set = await openDataset(await folderOf({ ...folders, "labels.csv": text }));
    expect(await values(set)).toEqual([10]);
    const folds = csv("fold").replaceAll("train", "0").replaceAll("val", "1").replaceAll(",test", ",2");
    expect((await openDataset(await folderOf({ ...files, "labels.csv": folds }))).length).toBe(4);
  });

  it.each<[string, Record<string, string>, object, RegExp]>([
    [
      "no training split",
      { "labels.csv": "file,label,split\na.png,x,test\nb.png,x,val\nc.png,x,val\nd.png,x,val\n" },
      {},
      /has no split train, it has test, val.*Set split/,
    ],
    [
      "a wanted split that is not there",
      { "labels.csv": csv("split") },
      { split: "extra" },
      /has no split extra/,
    ],
    [
      "lists that differ",
      { "labels.csv": csv("split"), "splits.csv": "file,split\na.png,test\nb.png,train\n" },
      {},
      /labels.csv and .*splits.csv give a.png different splits: train, test/,
    ],
    [
      "a list without labels that is named",
      { "s.csv": "file,split\na.png,train\n" },
      { labels: "s.csv" },
      /s.csv has no labels/,
    ],
  ])("is refused: %s", async (_, lists, options, message) => {
    await expect(openDataset(await folderOf({ ...(await four()), ...lists }), options)).rejects.toThrow(
      message,
    );
  });

  it("that gives a file two splits is no list", () => {
    expect(() => parseLabelList("file,split\na.png,train\na.png,test\n", "l.csv")).toThrow(
      /gives a.png two splits/,
    );
  });
});

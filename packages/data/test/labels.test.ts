import { join } from "node:path";
import { type Header, pack } from "tar-stream";
import { describe, expect, it } from "vitest";
import { parseLabelList } from "../src/labels/label-list.ts";
import { openDataset } from "../src/node/index.ts";
import { folderOf, picture } from "./temporary-folder.ts";

describe("a list of labels", () => {
  const three = async () => ({
    "a.png": await picture(1),
    "deep/b.png": await picture(2),
    "c, c.png": await picture(3),
  });
  it.each<[string, string]>([
    ["l.csv", 'id,file_name,label\n7,a.png,cat\n8,"c, c.png",dog\n9,./deep/b.png,"cat"\n'],
    ["l.csv", '\uFEFFImage,Class\r\na.png,cat\r\n"c, c.png",dog\r\ndeep/b.png,cat'],
    ["l.json", '{"a.png": "cat", "c, c.png": "dog", "deep/b.png": "cat", "gone.png": "ox"}'],
    [
      "l.json",
      '[{"file":"a.png","class":"cat"},{"file":"c, c.png","class":"dog"},{"file":"deep/b.png","class":"cat"}]',
    ],
    [
      "metadata.jsonl",
      '{"file_name":"a.png","label":"cat"}\n{"file_name":"c, c.png","label":"dog"}\n{"file_name":"deep/b.png","label":"cat"}\n',
    ],
  ])("in %s: %s", async (name, text) => {
    const path = await folderOf({ ...(await three()), [name]: text });
    const set = await openDataset(path, { labels: name });
    expect([set.classes, Array.from(set.labels!)]).toEqual([
      ["cat", "dog"],
      [0, 1, 0],
    ]);
    expect((await openDataset(path, { labels: name, classes: ["dog"] })).length).toBe(1);
  });

  it("may give numbers, and be next to splits", async () => {
    const path = await folderOf({
      "train/a.png": await picture(1),
      "val/a.png": await picture(2),
      "labels.csv": "path,target\ntrain/a.png,2\nval/a.png,0\n",
    });
    const train = await openDataset(path, { labels: "labels.csv" });
    expect([train.classes, train.labels]).toEqual([["0", "1", "2"], [2]]);
  });

  it.each<[string, string, RegExp]>([
    ["l.csv", "file,label\na.png,cat\n", /gives c, c.png no label/],
    ["l.csv", "x,y\n1,2\n", /has columns x, y, expected one of file_name/],
    ["l.csv", "file,label\na.png\n", /line 2 has 1 columns, expected 2/],
    ["l.csv", 'file,label\n"a.png,cat\n', /quotes that do not fit/],
    ["l.csv", "file,label\na.png,cat\na.png,dog\n", /gives a.png two labels/],
    ["l.csv", "file,label\n", /has no entries/],
    ["l.json", '{"a.png": null}', /gives a.png no label/],
    ["l.json", "[1]", /has no file and label in entry 1/],
    ["l.json", "{", /has no file and label in entry 1/],
    [
      "l.json",
      '{"images":[{"id":1}],"annotations":[],"categories":[]}',
      /has COCO's annotations, which are not read/,
    ],
    ["l.csv", 'file,label\na.png,NaN\ndeep/b.png,1\n"c, c.png",0\n', /gives a.png no label/],
    [
      "l.csv",
      'file,label\na.png,0\ndeep/b.png,-1\n"c, c.png",1\n',
      /gives deep\/b.png the label -1, expected/,
    ],
    ["gone.csv", "", /gone.csv does not exist/],
  ])("is refused in %s: %s", async (name, text, message) => {
    const path = await folderOf({ ...(await three()), ...(name === "gone.csv" ? {} : { [name]: text }) });
    await expect(openDataset(path, { labels: name })).rejects.toThrow(message);
  });

  it("takes quotes, line ends and byte-order marks as RFC 4180 has them", () => {
    const list = parseLabelList('name,label\r\n"a ""b""\nc",x\r\n\r\nd,\n', "l.csv");
    expect([...list.labels]).toEqual([
      ['a "b"\nc', "x"],
      ["d", undefined],
    ]);
  });
});

async function shard(
  files: readonly (readonly [string, Uint8Array | string | Partial<Header>])[],
): Promise<Uint8Array> {
  const tar = pack();
  for (const [name, content] of files) {
    if (typeof content === "string" || content instanceof Uint8Array)
      tar.entry({ name }, Buffer.from(content));
    else tar.entry({ name, ...content });
  }
  tar.finalize();
  const chunks: Uint8Array[] = [];
  for await (const chunk of tar) chunks.push(chunk as Uint8Array);
  return Uint8Array.from(Buffer.concat(chunks));
}

describe("WebDataset shards", () => {
  it("give pictures their labels from .cls, over several shards", async () => {
    const path = await folderOf({
      "train-000.tar": await shard([
        ["d/0001.png", await picture(5)],
        ["d/0001.cls", "1\n"],
        ["d/0000.cls", "0"],
        ["d/0000.seg.png", await picture(4)],
      ]),
      "train-001.tar": await shard([
        ["x.jpg", await picture(90, 2, "jpeg")],
        ["x.cls", "2"],
        ["y.txt", "no picture"],
      ]),
      "val-000.tar": await shard([
        ["x.png", await picture(7)],
        ["x.cls", "3"],
      ]),
    });
    const set = await openDataset(path, { split: "train" });
    expect([set.length, Array.from(set.labels!), set.classes]).toEqual([3, [1, 0, 2], ["0", "1", "2"]]);
    expect([(await set.image(0)).pixels[0], (await set.image(1)).pixels[0]]).toEqual([5, 4]);
    const one = await openDataset(join(path, "val-000.tar"), { classNames: ["a", "b", "c", "d"] });
    expect([one.length, one.classes![3], (await one.image(0)).label]).toEqual([1, "d", 3]);
    expect((await openDataset(path, { label: false })).classes).toBeUndefined();
  });

  it("take labels from a field of .json", async () => {
    const tar = await shard([
      ["a.json", '{"label": 1, "kind": 4}'],
      ["a.png", await picture(1)],
    ]);
    const path = join(await folderOf({ "s.tar": tar }), "s.tar");
    expect((await openDataset(path)).labels).toEqual([1]);
    expect((await openDataset(path, { format: "webdataset", label: "kind" })).labels).toEqual([4]);
    await expect(openDataset(path, { format: "webdataset", label: "other" })).rejects.toThrow(
      /a has no field other in its .json/,
    );
  });

  it.each<[string, readonly (readonly [string, string | Partial<Header>])[], RegExp]>([
    [
      "a label that is none",
      [
        ["a.png", "x"],
        ["a.cls", "-1"],
      ],
      /a has no file .cls with a whole number/,
    ],
    [
      "a label missing",
      [
        ["a.png", "x"],
        ["a.cls", "1"],
        ["b.png", "x"],
      ],
      /b has no file .cls/,
    ],
    [
      "two pictures",
      [
        ["a.png", "x"],
        ["a.jpg", "x"],
        ["a.cls", "1"],
      ],
      /a has two pictures/,
    ],
    [
      "a link",
      [
        ["a.png", { type: "symlink", linkname: "/x" }],
        ["a.cls", "1"],
      ],
      /a link for a picture/,
    ],
    ["no pictures", [["a.cls", "1"]], /no PNG, JPEG/],
  ])("with %s are refused", async (_, files, message) => {
    const path = join(await folderOf({ "s.tar": await shard(files) }), "s.tar");
    await expect(openDataset(path, { format: "webdataset", size: 2 })).rejects.toThrow(message);
  });

  it("are not taken for archives of pictures, nor these for shards", async () => {
    const plain = await shard([
      ["a/1.png", await picture(1)],
      ["b/2.png", await picture(2)],
    ]);
    const set = await openDataset(join(await folderOf({ "s.tar": plain }), "s.tar"));
    expect(set.classes).toEqual(["a", "b"]);
  });
});

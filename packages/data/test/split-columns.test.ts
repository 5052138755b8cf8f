import { join } from "node:path";
import { type BasicType, type ColumnSource, parquetWriteBuffer } from "hyparquet-writer";
import { describe, expect, it } from "vitest";
import { openFiles } from "../src/browser/index.ts";
import { type OpenedDataset, openDataset } from "../src/node/index.ts";
import { type Files, left, tarBytes } from "./packed-everywhere.ts";
import { folderOf, picture } from "./temporary-folder.ts";

const LEVELS = [10, 20, 30, 40, 50];
const values = async (set: OpenedDataset): Promise<number[]> =>
  Promise.all(Array.from({ length: set.length }, async (_, i) => (await set.image(i)).pixels[0]!));
const facts = async (set: OpenedDataset): Promise<unknown[]> => [
  await values(set),
  set.classes,
  set.labels && Array.from(set.labels),
  left(set),
];

interface Column {
  readonly data: readonly unknown[];
  readonly type: BasicType;
}

/** A Parquet file with grey pictures of {@link LEVELS}, and these columns. */
async function parquet(columns: Readonly<Record<string, Column>>, names: object = {}): Promise<Uint8Array> {
  const pictures = await Promise.all(LEVELS.map((level) => picture(level)));
  const columnData: ColumnSource[] = [
    { name: "image", data: pictures.map((bytes) => Uint8Array.from(bytes)), type: "BYTE_ARRAY" },
    ...Object.entries(columns).map(([name, { data, type }]) => ({
      name,
      data: [...data],
      type,
      nullable: true,
    })),
  ];
  const kvMetadata = [{ key: "huggingface", value: JSON.stringify({ info: { features: names } }) }];
  return new Uint8Array(parquetWriteBuffer({ columnData, rowGroupSize: 2, kvMetadata }));
}

const text = (...data: (string | null)[]): Column => ({ data, type: "STRING" });
const numbers = (...data: number[]): Column => ({ data: data.map(BigInt), type: "INT64" });
const opened = async (files: Files, name: string, options: object = {}): Promise<OpenedDataset> =>
  openDataset(join(await folderOf(files), name), options);

describe("a column of splits in Parquet", () => {
  const label = text("cat", "dog", "ox", "dog", "elk");

  it.each<[string, Column, string[]]>([
    ["split", text("train", "test", "val", "train", "test"), ["1 val", "2 test"]],
    ["Subset", text("Training", "dev", "dev", "training", "dev"), ["3 dev"]],
    [
      "partition",
      text("train", "holdout", "valid", "train", null),
      ["1 holdout", "1 images without a split", "1 valid"],
    ],
    ["fold", text("train", "unlabelled", "test", "train", "test"), ["1 unlabelled", "2 test"]],
  ])("opens the training rows alone: %s, %#", async (name, column, others) => {
    const set = await opened({ "a.parquet": await parquet({ label, [name]: column }) }, "a.parquet");
    expect(await facts(set)).toEqual([[10, 40], ["cat", "dog"], [0, 1], others]);
    expect(set.name).toMatch(/^a\/train(ing)?$/);
  });

  it("opens the split that is wanted, with the numbers of its rows in messages", async () => {
    const split = text("test", "train", "test", "train", "test");
    const files = { "a.parquet": await parquet({ label: numbers(7, 3, 1, 0, 1), split }) };
    expect(await facts(await opened(files, "", { split: "test" }))).toEqual([
      [10, 30, 50],
      ["0", "1", "2", "3", "4", "5", "6", "7"],
      [7, 1, 1],
      ["2 train"],
    ]);
    const missing = text(null, "a", "b", "c", null);
    const gap = { "a.parquet": await parquet({ label: missing, split }) };
    expect(await facts(await opened(gap, ""))).toEqual([[20, 40], ["a", "c"], [0, 1], ["3 test"]]);
    await expect(opened(gap, "", { split: "test" })).rejects.toThrow(/row 0: label is missing/);
    await expect(opened(files, "", { split: "val" })).rejects.toThrow(/no split val, it has test, train/);
  });

  it("may be numbers that the file's metadata names, and reaches over several files", async () => {
    const feature = { split: { names: ["test", "train"], _type: "ClassLabel" } };
    const files = {
      "a-0.parquet": await parquet({ split: numbers(1, 0, 0, 0, 0) }, feature),
      "a-1.parquet": await parquet({ split: numbers(0, 0, 0, 0, 1) }, feature),
    };
    expect(await facts(await opened(files, ""))).toEqual([[10, 50], undefined, undefined, ["8 test"]]);
  });

  it("changes the fingerprint of a set by what is opened", async () => {
    const files = { "a.parquet": await parquet({ split: text("train", "test", "train", "test", "val") }) };
    const prints = await Promise.all(
      ["train", "test"].map(async (split) => (await opened(files, "", { split })).fingerprint),
    );
    expect(new Set(prints).size).toBe(2);
  });

  it("gives way to folders and names that divide, and to a label; other words are none", async () => {
    const split = text("train", "test", "train", "test", "train");
    const folders = {
      "train/0.parquet": await parquet({ split }),
      "test/0.parquet": await parquet({ split }),
    };
    const set = await opened(folders, "");
    expect([set.length, left(set)]).toEqual([5, ["1 column split", "1 test"]]);
    const labelled = await opened({ "a.parquet": await parquet({ split }) }, "", { label: "split" });
    expect([labelled.length, labelled.classes]).toEqual([5, ["test", "train"]]);
    const words = await opened({ "a.parquet": await parquet({ set: text("A", "B", "A", "B", "A") }) }, "");
    expect([words.length, left(words)]).toEqual([5, ["1 column set"]]);
  });

  it("of one split alone is opened where the file is called so, else refused", async () => {
    const bytes = await parquet({ split: text("test", "test", "test", "test", "test") });
    expect(
      (await opened({ "test-00000-of-00001.parquet": bytes }, "test-00000-of-00001.parquet")).length,
    ).toBe(5);
    await expect(opened({ "a.parquet": bytes }, "a.parquet")).rejects.toThrow(
      /has no split train, it has test\..*Set split to choose one: split=test/s,
    );
  });

  it("holds in the page as in Node", async () => {
    const split = text("train", "test", "val", "train", null);
    const blob = new Blob([Uint8Array.from(await parquet({ label, split }))]);
    const set = await openFiles([{ path: "a.parquet", blob }], { size: 2 });
    expect([set.length, set.classes, Array.from(set.labels!), left(set)]).toEqual([
      2,
      ["cat", "dog"],
      [0, 1],
      ["1 images without a split", "1 test", "1 val"],
    ]);
  });
});

describe("a field of splits in the JSON of WebDataset", () => {
  const SPLITS = ["train", "test", "train", "val"];
  const shard = async (fields: (i: number) => object, more: (i: number) => Files = () => ({})) =>
    tarBytes(
      Object.assign(
        {},
        ...(await Promise.all(
          SPLITS.map(async (_, i) => ({
            [`${i}.png`]: await picture(LEVELS[i]!),
            [`${i}.json`]: JSON.stringify(fields(i)),
            ...more(i),
          })),
        )),
      ),
    );

  it("opens the training samples alone, with labels of .json, .cls, or none", async () => {
    const inJson = await shard((i) => ({ label: i + 2, split: SPLITS[i] }));
    const inCls = await shard(
      (i) => ({ Partition: SPLITS[i] }),
      (i) => ({ [`${i}.cls`]: String(i) }),
    );
    const bare = await shard((i) => ({ usage: SPLITS[i] }));
    const others = ["1 test", "1 val"];
    expect(await facts(await opened({ "s.tar": inJson }, "s.tar"))).toEqual([
      [10, 30],
      ["0", "1", "2", "3", "4"],
      [2, 4],
      others,
    ]);
    expect(await facts(await opened({ "s.tar": inCls }, ""))).toEqual([
      [10, 30],
      ["0", "1", "2"],
      [0, 2],
      others,
    ]);
    expect(await facts(await opened({ "s.tar": bare }, "s.tar"))).toEqual([
      [10, 30],
      undefined,
      undefined,
      others,
    ]);
  });

  it("opens the split that is wanted, in the page too", async () => {
    const tar = await shard((i) => ({ label: i, split: SPLITS[i] }));
    const set = await opened({ "s.tar": tar }, "s.tar", { split: "validation" });
    expect(await facts(set)).toEqual([[40], ["0", "1", "2", "3"], [3], ["1 test", "2 train"]]);
    await expect(opened({ "s.tar": tar }, "s.tar", { split: "extra" })).rejects.toThrow(
      /has no split extra, it has train, test, val/,
    );
    const blob = new Blob([Uint8Array.from(tar)]);
    const page = await openFiles([{ path: "s.tar", blob }], { size: 2 });
    expect([page.length, Array.from(page.labels!), left(page)]).toEqual([2, [0, 2], ["1 test", "1 val"]]);
  });

  it("gives way to the names of shards", async () => {
    const tar = await shard((i) => ({ label: i, split: SPLITS[i] }));
    const set = await opened({ "train-0.tar": tar, "test-0.tar": tar }, "");
    expect([set.length, left(set)]).toEqual([4, ["1 test"]]);
  });
});

describe("labels of WebDataset", () => {
  const shard = async (labels: readonly unknown[], ending: "cls" | "json") =>
    tarBytes(
      Object.assign(
        {},
        ...(await Promise.all(
          labels.map(async (label, i) => ({
            [`${i}.png`]: await picture(LEVELS[i]!),
            [`${i}.${ending}`]: ending === "cls" ? String(label) : JSON.stringify({ label }),
          })),
        )),
      ),
    );

  it.each<["cls" | "json", readonly unknown[], string[], number[]]>([
    ["cls", ["dog\n", "cat", "dog"], ["cat", "dog"], [1, 0, 1]],
    ["cls", ["02", "0", " 1 "], ["0", "1", "2"], [2, 0, 1]],
    ["json", ["dog", "cat", "cat"], ["cat", "dog"], [1, 0, 0]],
    ["json", ["2", 0, 1.0], ["0", "1", "2"], [2, 0, 1]],
    ["json", [true, false, true], ["false", "true"], [1, 0, 1]],
    [
      "json",
      [
        [0, 0, 1],
        [1, 0, 0],
        [0, 1, 0],
      ],
      ["0", "1", "2"],
      [2, 0, 1],
    ],
  ])("are numbers, or the classes' names, in .%s: %j", async (ending, labels, classes, expected) => {
    const set = await opened({ "s.tar": await shard(labels, ending) }, "s.tar");
    expect([set.classes, Array.from(set.labels!)]).toEqual([classes, expected]);
  });

  it("are read in an unpacked shard, and files of no sample are reported", async () => {
    const files = { "a.png": await picture(1), "a.cls": "3", "a.txt": "x", "b.txt": "y", "notes.csv": "n,m" };
    const packed = { "s.tar": await tarBytes(files) };
    for (const set of [await opened(files, ""), await opened(packed, "s.tar"), await opened(packed, "")])
      expect([Array.from(set.labels!), left(set)]).toEqual([[3], ["1 .txt files", "1 b.txt", "1 notes.csv"]]);
  });

  it("take the order of the class names that are given", async () => {
    const tar = { "s.tar": await shard(["dog", "cat"], "cls") };
    const set = await opened(tar, "s.tar", { classNames: ["dog", "cat", "ox"] });
    expect([set.classes, Array.from(set.labels!)]).toEqual([
      ["dog", "cat", "ox"],
      [0, 1],
    ]);
    await expect(opened(tar, "s.tar", { classNames: ["cat", "ox"] })).rejects.toThrow(
      /label dog, expected one of cat, ox/,
    );
  });

  it.each<["cls" | "json", readonly unknown[]]>([
    ["cls", ["cat", " "]],
    ["cls", ["1", "-1"]],
    ["json", ["cat", null]],
    ["json", ["cat", { name: "dog" }]],
    ["json", [0, [0.5, 0.5]]],
  ])("that are missing or no class are refused, by sample, in .%s: %j", async (ending, labels) => {
    await expect(opened({ "s.tar": await shard(labels, ending) }, "s.tar")).rejects.toThrow(
      /s.tar: 1 has no .* with a whole number or a class/,
    );
  });
});

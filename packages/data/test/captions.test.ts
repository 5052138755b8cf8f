import { join } from "node:path";
import { parquetWriteBuffer } from "hyparquet-writer";
import { describe, expect, it } from "vitest";
import { heldOutSplit, imageStream } from "../src/index.ts";
import { type OpenedDataset, openDataset } from "../src/node/index.ts";
import { everywhere, left, tarBytes } from "./packed-everywhere.ts";
import { folderOf, picture } from "./temporary-folder.ts";

const [dark, light] = await Promise.all([picture(10), picture(200)]);
const pictures = { "a.png": dark, "b.png": light };

async function captionsOf(set: OpenedDataset): Promise<unknown[]> {
  expect(set.captioned).toBe(true);
  const read = await Promise.all(
    Array.from({ length: set.length }, async (_, i) => (await set.image(i)).caption),
  );
  expect(set.captions).toEqual(read);
  return read;
}

describe("captions of pictures", () => {
  it("are .txt files of the same names, in folders and archives alike", async () => {
    const files = { ...pictures, "a.txt": " a dark square\n", "b.txt": "a light square" };
    const sets = await everywhere(files, { format: undefined, captions: true });
    for (const set of sets) {
      expect(await captionsOf(set)).toEqual(["a dark square", "a light square"]);
      expect(left(set)).toEqual([]);
    }
    const [without] = await everywhere(files);
    expect(without!.captioned).toBeUndefined();
    expect((await without!.image(0)).caption).toBeUndefined();
    expect(without!.fingerprint).not.toBe(sets[0]!.fingerprint);
  });

  it.each([
    ["metadata.jsonl", '{"file_name": "b.png", "text": "light"}\n{"file_name": "a.png", "text": "dark"}\n'],
    ["metadata.csv", 'file_name,text\na.png,dark\nb.png,"light"\n'],
    ["captions.tsv", "image\tCaption\nb.png\tlight\na.png\tdark\n"],
    ["all.json", '[{"path": "a.png", "prompt": "dark"}, {"path": "b.png", "prompt": "light"}]'],
  ])("are a column of %s", async (name, text) => {
    const files = { ...pictures, [name]: text };
    const set = await openDataset(await folderOf(files), { captions: true });
    expect(await captionsOf(set)).toEqual(["dark", "light"]);
    expect(left(set)).toEqual([]);
  });

  it("are those of the column that is named", async () => {
    const list = "file_name,text,long\na.png,x,a dark one\nb.png,y,a light one\n";
    const folder = await folderOf({ ...pictures, "metadata.csv": list });
    expect(await captionsOf(await openDataset(folder, { captions: "long" }))).toEqual([
      "a dark one",
      "a light one",
    ]);
    await expect(openDataset(folder, { captions: "short" })).rejects.toThrow(/no list with a column short/);
  });

  it.each([
    [{ "a.txt": "dark" }, true, /b\.png has no caption: b\.txt is not there/],
    [{ "a.txt": "dark", "b.txt": " \n" }, "txt", /b\.png has no caption: .*b\.txt is empty/],
    [
      { "metadata.csv": "file_name,text\na.png,dark\n" },
      true,
      /b\.png has no caption: .*metadata\.csv gives/,
    ],
    [{ "m.csv": "file,text\na.png,x\na.png,y\n" }, true, /m\.csv gives a\.png two captions/],
    [
      { "m.jsonl": '{"file": "a.png", "text": 3}' },
      true,
      /m\.jsonl gives a\.png a caption in text that is no text/,
    ],
    [{ "m.csv": "file,text\na.png,x\n", "n.csv": "file,text\na.png,y\n" }, true, /2 lists of captions/],
  ])("that are missing or damaged are refused with the file's name: %j", async (more, captions, message) => {
    const folder = await folderOf({ ...pictures, ...(more as object) });
    await expect(openDataset(folder, { captions })).rejects.toThrow(message);
  });

  it("follow their pictures through classes, held-out parts and the stream", async () => {
    const files = Object.fromEntries(
      ["x/1", "x/2", "y/3", "y/4"].flatMap((name, i) => [
        [`${name}.png`, i % 2 ? light : dark],
        [`${name}.txt`, `number ${name}`],
      ]),
    );
    const set = await openDataset(await folderOf(files), { captions: true, classes: ["y"] });
    expect(await captionsOf(set)).toEqual(["number y/3", "number y/4"]);
    const { heldOut, training } = heldOutSplit(set, 1, 0);
    expect([await captionsOf(heldOut), await captionsOf(training)].flat().sort()).toEqual([
      "number y/3",
      "number y/4",
    ]);
    const { captions } = await imageStream(set, { seed: 0 }).read(0, 2);
    expect([...captions!].sort()).toEqual(["number y/3", "number y/4"]);
  });
});

describe("captions of WebDataset shards", () => {
  it.each([
    [true, { "0.txt": "dark", "1.txt": "light" }],
    ["text", { "0.json": '{"text": "dark"}', "1.json": '{"text": "light"}' }],
    [true, { "0.json": '{"caption": "dark"}', "1.json": '{"Caption": "light"}' }],
  ])("captions=%j reads %j", async (captions, about) => {
    const tar = await tarBytes({ "0.png": dark, "1.png": light, ...(about as object) });
    const folder = await folderOf({ "s.tar": tar });
    const set = await openDataset(join(folder, "s.tar"), { format: "webdataset", captions });
    expect(await captionsOf(set)).toEqual(["dark", "light"]);
  });

  it("name the sample that has none", async () => {
    const tar = await tarBytes({ "0.png": dark, "1.png": light, "0.txt": "dark" });
    const folder = await folderOf({ "s.tar": tar });
    const opened = openDataset(join(folder, "s.tar"), { format: "webdataset", captions: true });
    await expect(opened).rejects.toThrow(/s\.tar: 1 has no caption in a file \.txt/);
  });
});

describe("captions of Parquet files", () => {
  const fileOf = (captions: readonly (string | null)[]): Uint8Array =>
    new Uint8Array(
      parquetWriteBuffer({
        columnData: [
          { name: "image", data: [dark, light].map((bytes) => Uint8Array.from(bytes)), type: "BYTE_ARRAY" },
          { name: "text", data: [...captions], type: "STRING" },
        ],
      }),
    );

  it("are a column of text", async () => {
    const folder = await folderOf({ "p.parquet": fileOf(["dark", "light"]) });
    for (const captions of [true, "text"]) {
      const set = await openDataset(join(folder, "p.parquet"), { captions });
      expect(await captionsOf(set)).toEqual(["dark", "light"]);
      expect(left(set)).toEqual([]);
    }
    const wrong = openDataset(join(folder, "p.parquet"), { captions: "words" });
    await expect(wrong).rejects.toThrow(/no column words of text, its columns of text are text/);
  });

  it("name the row that has none", async () => {
    const folder = await folderOf({ "p.parquet": fileOf(["dark", null]) });
    const opened = openDataset(join(folder, "p.parquet"), { captions: true });
    await expect(opened).rejects.toThrow(/row 1: text has no caption/);
  });
});

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isDdpmError } from "@ddpm/core";
import * as fc from "fast-check";
import type { SchemaElement } from "hyparquet";
import { parquetWriteBuffer } from "hyparquet-writer";
import { describe, expect, it } from "vitest";
import { bytesSource } from "../src/bytes/byte-source.ts";
import { openDataset } from "../src/node/index.ts";
import { parquetFile } from "../src/parquet/file.ts";
import { readThrift } from "../src/parquet/thrift.ts";
import { folderOf, picture } from "./temporary-folder.ts";

const SCHEMA: SchemaElement[] = [
  { name: "root", num_children: 2 },
  { name: "image", num_children: 2, repetition_type: "OPTIONAL" },
  { name: "bytes", type: "BYTE_ARRAY", repetition_type: "OPTIONAL" },
  { name: "path", type: "BYTE_ARRAY", converted_type: "UTF8", repetition_type: "OPTIONAL" },
  { name: "label", type: "INT64", repetition_type: "OPTIONAL" },
];

interface Row {
  readonly bytes: Uint8Array | null;
  readonly label?: bigint | null;
}

/** A file as the Hub keeps it: `image { bytes, path }`, `label`, Snappy, two rows to a group. */
function fileOf(rows: readonly Row[], names?: readonly string[]): Uint8Array {
  const labelled = rows.some(({ label }) => label !== undefined);
  const schema = labelled ? SCHEMA : [{ name: "root", num_children: 1 }, ...SCHEMA.slice(1, 4)];
  const features = { label: { names, _type: "ClassLabel" }, image: { _type: "Image" } };
  const image = rows.map(({ bytes }, i) => ({ bytes: bytes && Uint8Array.from(bytes), path: `${i}.png` }));
  const label = { name: "label", data: rows.map((row) => row.label ?? null) };
  const buffer = parquetWriteBuffer({
    columnData: [{ name: "image", data: image }, ...(labelled ? [label] : [])],
    schema,
    rowGroupSize: 2,
    ...(names ? { kvMetadata: [{ key: "huggingface", value: JSON.stringify({ info: { features } }) }] } : {}),
  });
  return new Uint8Array(buffer);
}

const rows = async (...levels: number[]): Promise<Row[]> =>
  Promise.all(levels.map(async (level, i) => ({ bytes: await picture(level), label: BigInt(i % 2) })));

describe("Parquet as the Hugging Face Hub keeps it", () => {
  it("is read by row groups, with class names from the metadata, whatever is kept in memory", async () => {
    const path = await folderOf({ "cats.parquet": fileOf(await rows(10, 20, 30, 40, 50), ["cat", "dog"]) });
    for (const options of [{}, { memory: 0, cache: 0 }]) {
      const set = await openDataset(join(path, "cats.parquet"), options);
      expect(set).toMatchObject({ length: 5, shape: [2, 2, 3], classes: ["cat", "dog"], name: "cats" });
      expect(Array.from(set.labels!)).toEqual([0, 1, 0, 1, 0]);
      const levels = await Promise.all([4, 0, 3, 1, 2].map(async (i) => (await set.image(i)).pixels[0]));
      expect(levels).toEqual([50, 10, 40, 20, 30]);
    }
    expect((await openDataset(join(path, "cats.parquet"), { classes: ["dog"] })).length).toBe(2);
    expect((await openDataset(join(path, "cats.parquet"), { label: false })).classes).toBeUndefined();
  });

  it("is read from several files, by split, and without labels", async () => {
    const path = await folderOf({
      "data/train-00000-of-00002.parquet": fileOf(await rows(1, 2, 3)),
      "data/train-00001-of-00002.parquet": fileOf(await rows(4)),
      "data/test-00000-of-00001.parquet": fileOf(await rows(9)),
      "bare.parquet": fileOf([{ bytes: await picture(7) }]),
      "README.md": "a card",
    });
    const train = await openDataset(join(path, "data"));
    expect([train.length, (await train.image(3)).pixels[0], train.classes]).toEqual([4, 4, ["0", "1"]]);
    expect((await openDataset(join(path, "data"), { split: "test" })).length).toBe(1);
    await expect(openDataset(join(path, "data"), { split: "val" })).rejects.toThrow(
      /has no split val, it has test, train/,
    );
    const bare = await openDataset(join(path, "bare.parquet"));
    expect([bare.labels, bare.classes, (await bare.image(0)).label]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it("refuses labels and pictures that are missing, and columns that are not there", async () => {
    const [good] = await rows(1);
    const open = async (bytes: Uint8Array, options: object = {}) =>
      openDataset(join(await folderOf({ "x.parquet": bytes }), "x.parquet"), options);
    await expect(open(fileOf([good!, { ...good!, label: null }]))).rejects.toThrow(
      /x.parquet, row 1: label is/,
    );
    await expect(open(fileOf([{ ...good!, label: -1n }]))).rejects.toThrow(/label is -1/);
    await expect(open(fileOf([{ ...good!, label: 2n }], ["a", "b"]))).rejects.toThrow(
      /row 0: label is 2, expected 0 to 1/,
    );
    await expect(open(fileOf([{ bytes: null }]))).rejects.toThrow(/row 0: column image has no bytes/);
    await expect(open(fileOf([good!]), { label: "image" })).rejects.toThrow(
      /column image is of a type that is not supported for labels/,
    );
    await expect(open(fileOf([good!]), { image: "label" })).rejects.toThrow(/no column label of pictures/);
    const numbers = parquetWriteBuffer({ columnData: [{ name: "x", data: [1, 2], type: "INT32" }] });
    await expect(open(new Uint8Array(numbers))).rejects.toThrow(/no column of pictures, its columns are x/);
    await expect(open(new Uint8Array(3))).rejects.toThrow(/3 bytes, expected a Parquet file/);
    await expect(open(new Uint8Array(64))).rejects.toThrow(/not a sound Parquet file/);
  });

  it("believes no run in a page that is longer than the page has values", async () => {
    const data = Array.from({ length: 1000 }, (_, i) => ((i * i) % 7 < 3 ? null : BigInt(i)));
    const column = { name: "label", data, type: "INT64", nullable: true } as const;
    const bytes = new Uint8Array(parquetWriteBuffer({ columnData: [column], codec: "UNCOMPRESSED" }));
    const { metadata } = await parquetFile(bytesSource("x", bytes));
    const { value, end } = readThrift(
      bytes,
      Number(metadata.row_groups[0]!.columns[0]!.meta_data!.data_page_offset),
    );
    expect(value[1]).toBe(3);
    // In front of the definition levels: 2^30 - 1 times a 1. See docs/decisions/0005 for what others make of it.
    bytes.set([0xfe, 0xff, 0xff, 0xff, 0x07, 1], end);
    const file = await parquetFile(bytesSource("x", bytes));
    await expect(file.values(["label"], 0)).rejects.toThrow(/not a sound Parquet file \(1000 values in/);
  });

  it("gives a set or a DdpmError that names the file, wherever it is cut", async () => {
    const good = fileOf(await rows(1, 2, 3), ["a", "b"]);
    const file = join(await folderOf({}), "x.parquet");
    await fc.assert(
      fc.asyncProperty(fc.nat(good.length - 1), async (at) => {
        await writeFile(file, good.subarray(0, at));
        const error: unknown = await openDataset(file, { format: "parquet" }).catch(
          (thrown: unknown) => thrown,
        );
        expect(isDdpmError(error)).toBe(true);
        expect(String(error)).toContain(file);
      }),
      { numRuns: 100 },
    );
  });
});

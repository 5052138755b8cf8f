import { join } from "node:path";
import { parquetWriteBuffer } from "hyparquet-writer";
import { beforeAll, describe, expect, it } from "vitest";
import { openDataset } from "../src/node/index.ts";
import { folderOf, picture } from "./temporary-folder.ts";

const fixtures = join(import.meta.dirname, "fixtures/parquet");

describe("labels of Parquet", () => {
  let image: Uint8Array;
  beforeAll(async () => {
    image = await picture(7);
  });
  const opened = async (label: object) => {
    const columnData = [
      { name: "image", data: [image, image, image], type: "BYTE_ARRAY" as const },
      { name: "label", ...label } as never,
    ];
    const bytes = new Uint8Array(parquetWriteBuffer({ columnData }));
    return openDataset(join(await folderOf({ "a.parquet": bytes }), "a.parquet"));
  };

  it.each([
    ["text", { data: ["dog", "cat", "dog"], type: "STRING" }, ["cat", "dog"], [1, 0, 1]],
    ["text of numbers", { data: ["2", "0", "1"], type: "STRING" }, ["0", "1", "2"], [2, 0, 1]],
    ["booleans", { data: [true, false, true], type: "BOOLEAN" }, ["false", "true"], [1, 0, 1]],
    ["whole floats", { data: [1, 0, 1], type: "DOUBLE" }, ["0", "1"], [1, 0, 1]],
    ["32-bit numbers", { data: [1, 0, 1], type: "INT32" }, ["0", "1"], [1, 0, 1]],
  ])("are read as %s", async (_, label, classes, labels) => {
    expect(await opened(label)).toMatchObject({ classes, labels });
  });

  it("are refused where one is missing, is a fraction, or is of another type, naming the row", async () => {
    await expect(opened({ data: [1, undefined, 0], type: "INT32", nullable: true })).rejects.toThrow(
      /row 1: label is missing, expected a label for each row/,
    );
    await expect(opened({ data: [0, 1, 0.5], type: "DOUBLE" })).rejects.toThrow(/row 2: label is 0\.5/);
    await expect(opened({ data: [new Date(), new Date(), new Date()], type: "TIMESTAMP" })).rejects.toThrow(
      /column label is of a type that is not supported for labels/,
    );
  });

  it.each([
    ["onehot", [2, 0, 1, 2, 2, 0, 1]],
    ["onehotbool2", [2, 0, 1, 2, 2, 0, 1]],
  ])("are the places of one-hot lists: %s, written by pyarrow", async (name, labels) => {
    const set = await openDataset(join(fixtures, `${name}.parquet`));
    expect([set.classes, set.labels]).toEqual([["0", "1", "2"], labels]);
  });
});

describe("pages of Parquet", () => {
  it("may hold thousands of rows in a byte", async () => {
    const set = await openDataset(join(fixtures, "dense.parquet"));
    expect([set.length, set.labels?.length, set.classes]).toEqual([100_000, 100_000, ["0"]]);
    expect([...(await set.image(99_999)).pixels]).toEqual([7, 7, 7]);
  });

  it.each([
    ["delta", /a column label in the encoding DELTA_BINARY_PACKED, which is not supported/],
    ["lists", /lists inside of lists, which is not supported/],
  ])("of other kinds are not supported rather than damaged: %s", async (name, message) => {
    const error: Error = await openDataset(join(fixtures, `${name}.parquet`)).then(
      () => new Error("it opened"),
      (thrown: Error) => thrown,
    );
    expect(error.message).toMatch(message);
    expect(error.message).not.toMatch(/sound|Download/);
  });
});

import { join } from "node:path";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cifarDataset } from "../src/index.ts";
import { openDataset } from "../src/node/index.ts";
import { folderOf } from "./temporary-folder.ts";

/** Planes of i, i + 1, i + 2 … with a step of its own for each channel, after the labels. */
function record(...labels: number[]): Uint8Array {
  const pixels = Array.from({ length: 3072 }, (_, i) => ((i % 1024) * (1 + Math.floor(i / 1024))) % 251);
  return Uint8Array.from([...labels, ...pixels]);
}
const join2 = (...records: Uint8Array[]): Uint8Array => Buffer.concat(records);
const pixel = (i: number): number[] => [i % 251, (2 * i) % 251, (3 * i) % 251];

describe("CIFAR's binary files", () => {
  it("open as a folder: batches in order, planes turned to pixels, names from the meta file", async () => {
    const meta = `${["a", "b", "c", "d", "e", "f", "g", "h", "ship", "j"].join("\n")}\n\n`;
    const path = await folderOf({
      "data_batch_1.bin": join2(record(3), record(8)),
      "data_batch_2.bin": record(0),
      "test_batch.bin": record(9),
      "batches.meta.txt": meta,
    });
    const set = await openDataset(path);
    expect(set).toMatchObject({ length: 3, shape: [32, 32, 3], flippable: true, name: "cifar-10" });
    expect([...set.labels!]).toEqual([3, 8, 0]);
    const { pixels, label } = await set.image(1);
    expect([label, set.classes![label!]]).toEqual([8, "ship"]);
    for (const i of [0, 1, 31, 32, 700, 1023]) expect([...pixels.slice(3 * i, 3 * i + 3)]).toEqual(pixel(i));
    expect((await openDataset(path, { split: "test" })).length).toBe(1);
    const ships = await openDataset(path, { classes: ["ship"], relabel: true });
    expect([ships.length, ships.classes, (await ships.image(0)).label]).toEqual([1, ["ship"], 0]);
    expect((await openDataset(path, { size: 8 })).shape).toEqual([8, 8, 3]);
  });

  it("open as one file, and as CIFAR-100 with both levels of classes", async () => {
    const path = await folderOf({
      "mine.bin": record(7),
      "other/train.bin": join2(record(4, 50), record(19, 99)),
      "other/fine_label_names.txt": Array.from({ length: 100 }, (_, i) => `fine ${i}`).join("\n"),
      "other/coarse_label_names.txt": Array.from({ length: 20 }, (_, i) => `coarse ${i}`).join("\n"),
    });
    const one = await openDataset(join(path, "mine.bin"));
    expect([one.classes![7], (await one.image(0)).label]).toEqual(["horse", 7]);
    const fine = await openDataset(join(path, "other"));
    expect([[...fine.labels!], fine.classes![50], fine.name]).toEqual([[50, 99], "fine 50", "cifar-100"]);
    const coarse = await openDataset(join(path, "other"), { level: "coarse" });
    expect([[...coarse.labels!], coarse.classes![19]]).toEqual([[4, 19], "coarse 19"]);
    expect([...(await fine.image(1)).pixels.slice(15, 18)]).toEqual(pixel(5));
    expect(fine.fingerprint).not.toBe(coarse.fingerprint);
  });

  it("refuse a length that is not whole records, whatever it is, naming the file", () => {
    fc.assert(
      fc.property(fc.nat(10_000), fc.constantFrom<10 | 100>(10, 100), (length, variant) => {
        fc.pre(length === 0 || length % (variant === 10 ? 3073 : 3074) !== 0);
        const files = [{ file: "x.bin", bytes: new Uint8Array(length) }];
        expect(() => cifarDataset(files, { name: "x", variant })).toThrow(
          new RegExp(`x.bin: ${length} bytes, expected whole records of 307[34] for CIFAR-${variant}`),
        );
      }),
    );
  });

  it("refuse a label without a class, too few names, a missing split and a file that fits neither", async () => {
    const wrong = await folderOf({ "data_batch_1.bin": join2(record(1), record(10)) });
    await expect(openDataset(wrong)).rejects.toThrow(
      /data_batch_1.bin: record 1 has label 10, expected 0 to 9/,
    );
    await expect(openDataset(wrong, { split: "test" })).rejects.toThrow(/has no split test/);
    const named = await folderOf({ "data_batch_1.bin": record(1), "batches.meta.txt": "a\nb\n" });
    await expect(openDataset(named)).rejects.toThrow(/2 class names, expected 10/);
    const odd = await folderOf({ "x.bin": new Uint8Array(3072) });
    await expect(openDataset(join(odd, "x.bin"))).rejects.toThrow(/expected one of/);
    await expect(openDataset(join(odd, "x.bin"), { format: "cifar" })).rejects.toThrow(/3072 bytes/);
    const set = cifarDataset([{ file: "f", bytes: record(1) }], { name: "x", variant: 10 });
    expect(() => set.image(1)).toThrow(/image 1, expected 0 to 0/);
  });
});

import { join } from "node:path";
import { isDdpmError } from "@ddpm/core";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseNpy } from "../src/authoring.ts";
import { npyDataset } from "../src/index.ts";
import { openDataset } from "../src/node/index.ts";
import { ramp } from "./idx-bytes.ts";
import { folderOf } from "./temporary-folder.ts";
import { zipBytes } from "./zip-bytes.ts";

/** A file as `numpy.save` writes it. */
function npyBytes(shape: readonly number[], data: Uint8Array, type = "|u1", order = "False"): Uint8Array {
  const tuple = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
  const text = `{'descr': '${type}', 'fortran_order': ${order}, 'shape': (${tuple}), }`;
  const header = `${text.padEnd(Math.ceil((text.length + 11) / 64) * 64 - 11)}\n`;
  const magic = Buffer.from([0x93, ...Buffer.from("NUMPY"), 1, 0, header.length & 255, header.length >> 8]);
  return Uint8Array.from(Buffer.concat([magic, Buffer.from(header), data]));
}
const int64 = (...numbers: number[]): Uint8Array =>
  new Uint8Array(BigInt64Array.from(numbers.map(BigInt)).buffer);

describe("NumPy arrays", () => {
  it("give back any shape and bytes", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(4), { maxLength: 4 }), (shape) => {
        const data = ramp(shape.reduce((a, b) => a * b, 1));
        const read = parseNpy(npyBytes(shape, data), "x");
        expect([read.shape, [...read.data]]).toEqual([shape, [...data]]);
      }),
    );
  });

  it("open as a set, channels last or first, with labels of a file of their own", async () => {
    const path = await folderOf({
      "x.npy": npyBytes([2, 2, 2, 3], ramp(24)),
      "y.npy": npyBytes([2], int64(4, 1), "<i8"),
      "first.npy": npyBytes([2, 3, 2, 2], ramp(24)),
      "grey.npy": npyBytes([3, 2, 2], ramp(12)),
    });
    const set = await openDataset(join(path, "x.npy"), { labels: join(path, "y.npy") });
    expect([set.shape, Array.from(set.labels!), set.classes?.length]).toEqual([[2, 2, 3], [4, 1], 5]);
    expect(await set.image(1)).toEqual({ pixels: ramp(24).slice(12), label: 1 });
    const first = await openDataset(join(path, "first.npy"), { layout: "first" });
    expect([...(await first.image(0)).pixels]).toEqual([0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11]);
    expect((await openDataset(join(path, "grey.npy"))).shape).toEqual([2, 2, 1]);
    await expect(openDataset(join(path, "first.npy"))).resolves.toMatchObject({ shape: [3, 2, 2] });
  });

  it.each([true, false])("open from .npz, deflated: %s, by shape or by name", async (deflate) => {
    const files = {
      "arr_0.npy": npyBytes([2, 2, 2, 3], ramp(24)),
      "arr_1.npy": npyBytes([2], int64(1, 0), "<i8"),
      "mean.npy": npyBytes([2], new Uint8Array(16), "<f8"),
    };
    const path = await folderOf({
      "a.npz": zipBytes(files, deflate),
      "b.npz": zipBytes({ ...files, "more.npy": npyBytes([1, 2, 2, 3], ramp(12)) }, deflate),
    });
    const set = await openDataset(join(path, "a.npz"), { classNames: ["a", "b"] });
    expect([set.length, Array.from(set.labels!), set.classes]).toEqual([2, [1, 0], ["a", "b"]]);
    await expect(openDataset(join(path, "b.npz"))).rejects.toThrow(/has 2 arrays that may be images/);
    expect((await openDataset(join(path, "b.npz"), { images: "more" })).length).toBe(1);
    await expect(openDataset(join(path, "b.npz"), { images: "x" })).rejects.toThrow(
      /0 arrays x, expected one/,
    );
  });

  const good = npyBytes([2, 2, 2], ramp(8));
  it.each<[string, Uint8Array, RegExp]>([
    ["nothing", new Uint8Array(), /does not begin as/],
    ["another version", good.with(6, 9), /version 9/],
    ["an end within the header", good.subarray(0, 40), /ends within its header/],
    ["an end before the header", good.subarray(0, 9), /ends within its header/],
    [
      "half floats",
      npyBytes([2], new Uint8Array(4), "<f2"),
      /elements <f2 \(floats of another size\), which are not/,
    ],
    [
      "objects",
      npyBytes([1], new Uint8Array(8), "|O"),
      /elements \|O \(Python objects\), which are not supported/,
    ],
    ["text", npyBytes([1], new Uint8Array(8), "<U2"), /elements <U2 \(text\)/],
    ["a byte less", good.subarray(0, good.length - 1), /claims \[2, 2, 2\] of \|u1, 8 bytes, and holds 7/],
    [
      "10^27 bytes claimed",
      npyBytes([1e9, 1e9, 1e9], ramp(3)),
      /1000000000000000000000000000 bytes, and holds 3/,
    ],
    ["a header of something else", npyBytes([1], ramp(1), "'"), /without a plain descr/],
  ])("refuse %s, naming the file", (_, bytes, message) => {
    expect(() => parseNpy(bytes, "x.npy")).toThrow(message);
    expect(() => parseNpy(bytes, "x.npy")).toThrow("x.npy: ");
  });

  it("open from files of pictures and of labels, as Kuzushiji-49 is published", async () => {
    const packed = (name: string, bytes: Uint8Array) => ({ [name]: zipBytes({ "arr_0.npy": bytes }, true) });
    const path = await folderOf({
      ...packed("k49-train-imgs.npz", npyBytes([2, 2, 2], ramp(8))),
      ...packed("k49-train-labels.npz", npyBytes([2], Uint8Array.of(48, 0))),
      ...packed("k49-test-imgs.npz", npyBytes([1, 2, 2], ramp(4))),
      ...packed("k49-test-labels.npz", npyBytes([1], Uint8Array.of(7))),
    });
    const set = await openDataset(path);
    expect([set.length, Array.from(set.labels!), set.flippable]).toEqual([2, [48, 0], false]);
    expect([set.classes?.[0], set.classes?.[48], set.classes?.length]).toEqual(["あ", "ゝ", 49]);
    expect(Array.from((await openDataset(path, { split: "test" })).labels!)).toEqual([7]);
  });

  it("of Python 2 have sizes that end in L", () => {
    const data = ramp(24);
    const text = `{'descr': '|u1', 'fortran_order': False, 'shape': (2L, 3L, 4L), }`;
    const old = Buffer.concat([
      Buffer.from([0x93, ...Buffer.from("NUMPY"), 1, 0, text.length + 1, 0]),
      Buffer.from(`${text}\n`),
      data,
    ]);
    expect(parseNpy(Uint8Array.from(old), "x")).toEqual({ shape: [2, 3, 4], data, type: "|u1" });
  });

  it("in Fortran order are read row-major, whatever the size of their elements", () => {
    // numpy.asfortranarray of [[0, 1, 2], [3, 4, 5]].
    const small = parseNpy(npyBytes([2, 3], Uint8Array.of(0, 3, 1, 4, 2, 5), "|u1", "True"), "x");
    expect([...small.data]).toEqual([0, 1, 2, 3, 4, 5]);
    const wide = parseNpy(npyBytes([2, 3], int64(0, 3, 1, 4, 2, 5), "<i8", "True"), "x");
    expect(wide.data).toEqual(int64(0, 1, 2, 3, 4, 5));
    const cube = Uint8Array.of(0, 4, 2, 6, 1, 5, 3, 7);
    expect([...parseNpy(npyBytes([2, 2, 2], cube, "|u1", "True"), "x").data]).toEqual([
      0, 1, 2, 3, 4, 5, 6, 7,
    ]);
  });

  it("give labels as whole numbers, booleans, whole floats or one-hot rows", () => {
    const images = parseNpy(npyBytes([2, 2, 2], ramp(8)), "x");
    const labelled = (shape: number[], data: Uint8Array, type: string) =>
      npyDataset({ name: "x", images, labels: parseNpy(npyBytes(shape, data, type), "y") });
    const floats = (...numbers: number[]) => new Uint8Array(Float32Array.from(numbers).buffer);
    expect(labelled([2], floats(3, 1), "<f4")).toMatchObject({ labels: Int32Array.of(3, 1) });
    expect(labelled([2], Uint8Array.of(1, 0), "|b1")).toMatchObject({ labels: Int32Array.of(1, 0) });
    const hot = labelled([2, 3], floats(0, 1, 0, 1, 0, 0), "<f4");
    expect([Array.from(hot.labels!), hot.classes]).toEqual([
      [1, 0],
      ["0", "1", "2"],
    ]);
    expect(() => labelled([2], floats(0.5, 1), "<f4")).toThrow(/label 0.5 of image 0/);
    expect(() => labelled([2, 3], floats(0, 1, 1, 1, 0, 0), "<f4")).toThrow(
      /row 0 of the labels has not exactly/,
    );
    const pictures = parseNpy(npyBytes([1, 1, 1], floats(1), "<f4"), "x");
    expect(() => npyDataset({ name: "x", images: pictures })).toThrow(
      /whose range is not stated, expected uint8/,
    );
  });

  it("in a folder give labels as whole floats or one-hot rows; other arrays are reported", async () => {
    const floats = (...numbers: number[]) => new Uint8Array(Float32Array.from(numbers).buffer);
    const images = npyBytes([2, 2, 2], ramp(8));
    const opened = async (labels: Uint8Array) =>
      openDataset(await folderOf({ "images.npy": images, "labels.npy": labels }));
    const whole = await opened(npyBytes([2], floats(2, 0), "<f4"));
    expect([Array.from(whole.labels!), whole.notUsed]).toEqual([[2, 0], []]);
    const rows = await opened(npyBytes([2, 3], Uint8Array.of(0, 0, 1, 1, 0, 0)));
    expect([Array.from(rows.labels!), rows.notUsed]).toEqual([[2, 0], []]);
    const heights = await opened(npyBytes([2], floats(1.5, 0.2), "<f4"));
    expect(heights.labels).toBeUndefined();
    expect(heights.notUsed).toEqual([
      { what: "labels.npy", count: 1, reason: "neither the images nor a label for each of them" },
    ]);
  });

  it("refuse shapes, types and labels that do not fit", () => {
    const images = parseNpy(good, "x");
    const labels = (...numbers: number[]) =>
      parseNpy(npyBytes([numbers.length], int64(...numbers), "<i8"), "y");
    const of = (more: object) => () => npyDataset({ name: "x", images, ...more });
    expect(of({ labels: labels(1) })).toThrow(/1 labels for 2 images/);
    expect(of({ labels: labels(1, -1) })).toThrow(/label -1 of image 1/);
    expect(of({ labels: labels(1, 2 ** 40) })).toThrow(/label 1099511627776/);
    expect(of({ labels: labels(0, 2 ** 30) })).toThrow(/label 1073741824, expected 0 to 99999/);
    expect(of({ labels: labels(0, 2), classNames: ["a", "b"] })).toThrow(/label 2, expected 0 to 1/);
    expect(of({ images: labels(1, 2) })).toThrow(/type <i8, expected uint8/);
    expect(of({ images: parseNpy(npyBytes([4], ramp(4)), "x") })).toThrow(
      /shape \[4\], expected 3 or 4 axes/,
    );
    const planes = parseNpy(npyBytes([1, 3, 8, 8], ramp(192)), "x");
    expect(of({ images: planes })).toThrow(/with 8 channels.*Set layout to first/);
    expect(() => npyDataset({ name: "x", images }).image(2)).toThrow(/image 2, expected 0 to 1/);
  });

  it("give an array or a DdpmError, whatever byte is changed", () => {
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.nat(255), (at, value) => {
        try {
          parseNpy(good.with(at, value), "x");
        } catch (error) {
          if (!isDdpmError(error)) throw error;
        }
      }),
      { numRuns: 2000 },
    );
  });
});

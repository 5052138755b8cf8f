import { gzipSync } from "node:zlib";
import { isDdpmError } from "@ddpm/core";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { gunzip, knownSet, readIdx } from "../src/authoring.ts";
import { idxDataset } from "../src/index.ts";
import { idxBytes, ramp } from "./idx-bytes.ts";

describe("reading IDX", () => {
  it("gives back any shape and bytes, plain or gzipped", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(5), { minLength: 1, maxLength: 4 }),
        fc.boolean(),
        async (shape, zip) => {
          const data = ramp(shape.reduce((a, b) => a * b, 1));
          const plain = idxBytes(shape, data);
          const read = await readIdx(zip ? gzipSync(plain) : plain, "file");
          expect([read.shape, [...read.data]]).toEqual([shape, [...data]]);
        },
      ),
    );
  });

  const good = idxBytes([2, 3, 3], ramp(18));
  const zipped = gzipSync(good);
  const wrongCheck = Uint8Array.from(zipped);
  wrongCheck[zipped.length - 6]! ^= 1;
  const huge = idxBytes([0xffffffff, 0xffffffff, 0xffffffff], ramp(5));
  it.each<[string, Uint8Array, RegExp]>([
    ["empty", new Uint8Array(), /0 bytes, expected an IDX file/],
    [
      "text",
      new TextEncoder().encode("<html>not found</html>"),
      /begins with 3c 68 74 6d, expected 00 00 08/,
    ],
    ["floats of another length", good.with(2, 13), /claims 2×3×3 of 32-bit floats = 72 bytes and holds 18/],
    [
      "a Git LFS pointer",
      new TextEncoder().encode("version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n"),
      /is a Git LFS pointer, not the file itself\. Run `git lfs pull`/,
    ],
    [
      "xz",
      Uint8Array.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0, 0, 4]),
      /packed with xz, which is not supported/,
    ],
    ["gzip with text behind", Buffer.concat([zipped, Buffer.from("text")]), /\(bytes that are not gzip\)/],
    ["an unknown type", good.with(2, 7), /begins with 00 00 07 03/],
    ["no sizes", good.with(3, 0), /begins with 00 00 08 00/],
    ["an end within the sizes", good.subarray(0, 9), /ends after 9 bytes, within its 3 sizes/],
    ["one byte less than claimed", good.subarray(0, good.length - 1), /claims 2×3×3 = 18 bytes and holds 17/],
    ["one byte more", Uint8Array.from([...good, 0]), /claims 2×3×3 = 18 bytes and holds 19/],
    ["10^28 bytes claimed", huge, /claims 4294967295×4294967295×4294967295 = \d{29} bytes and holds 5/],
    ["truncated gzip", zipped.subarray(0, zipped.length - 9), /does not unpack/],
    ["gzip without its last byte", zipped.subarray(0, zipped.length - 1), /does not unpack/],
    ["gzip that stops in its header", zipped.subarray(0, 5), /does not unpack/],
    ["gzip with a wrong checksum", wrongCheck, /does not unpack/],
    ["gzip of text", gzipSync("hello, world"), /begins with 68 65 6c 6c/],
  ])("refuses %s, naming the file", async (_, bytes, message) => {
    const error: unknown = await readIdx(bytes, "train-images").then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(isDdpmError(error)).toBe(true);
    expect((error as Error).message).toMatch(message);
    expect((error as Error).message).toMatch(/train-images(: | is )/);
  });

  it("stops unpacking at the limit", async () => {
    const bomb = gzipSync(new Uint8Array(1e6));
    expect(bomb.length).toBeLessThan(2000);
    await expect(gunzip(bomb, "bomb.gz", 1e5)).rejects.toThrow(/bomb.gz: unpacks to more than 100000 bytes/);
    expect(await gunzip(bomb, "bomb.gz", 1e6)).toHaveLength(1e6);
  });
});

describe("a set from IDX arrays", () => {
  const images = { shape: [3, 2, 2], data: ramp(12) };
  const labels = { shape: [3], data: Uint8Array.of(2, 0, 1) };

  it("gives images and labels by number", () => {
    const set = idxDataset({ images, labels, name: "mine" });
    expect([set.length, set.shape]).toEqual([3, [2, 2, 1]]);
    expect(set.image(1)).toEqual({ pixels: Uint8Array.of(4, 5, 6, 7), label: 0 });
    expect(() => set.image(3)).toThrow(/image 3, expected 0 to 2/);
    const colour = idxDataset({ images: { shape: [1, 2, 2, 3], data: ramp(12) }, name: "mine" });
    expect(colour.shape).toEqual([2, 2, 3]);
    expect(colour.classes).toBeUndefined();
    expect(colour.image(0)).toEqual({ pixels: ramp(12) });
  });

  it("knows the family by name and guesses nothing else", () => {
    const named = (name: string) => idxDataset({ images, labels, name });
    expect(named("Fashion_MNIST")).toMatchObject({ flippable: true });
    expect(named("Fashion_MNIST").classes?.[9]).toBe("Ankle boot");
    expect(named("MNIST")).toMatchObject({ flippable: false, classes: "0123456789".split("") });
    expect(named("kmnist").flippable).toBe(false);
    expect(named("my-mnist")).toMatchObject({ flippable: false, classes: ["0", "1", "2"] });
    expect(
      idxDataset({ images, labels, name: "x", flippable: true, classes: ["a", "b", "c"] }),
    ).toMatchObject({
      flippable: true,
      classes: ["a", "b", "c"],
    });
    for (const name of ["fashion", "kmnist", "mnist"]) expect(knownSet(name)?.classes).toHaveLength(10);
  });

  it("has a fingerprint that follows every byte", () => {
    const print = (data: Uint8Array, label = 2) =>
      idxDataset({
        images: { shape: [3, 2, 2], data },
        labels: { shape: [3], data: Uint8Array.of(label, 0, 1) },
        name: "x",
      }).fingerprint;
    const all = [
      print(ramp(12)),
      print(ramp(12), 1),
      ...Array.from({ length: 12 }, (_, i) => print(ramp(12).with(i, 99))),
    ];
    expect(new Set(all).size).toBe(14);
    expect(print(ramp(12))).toBe(print(ramp(12)));
  });

  it("refuses what does not fit", () => {
    const set = (more: object) => () => idxDataset({ images, labels, name: "mine", ...more });
    expect(set({ labels: { shape: [2], data: ramp(2) } })).toThrow(
      /mine: labels of shape \[2\] for 3 images/,
    );
    expect(set({ labels: images })).toThrow(/mine: labels of shape/);
    expect(set({ images: labels })).toThrow(/mine: images of shape \[3\], expected \[N, H, W\]/);
    expect(set({ images: { shape: [0, 2, 2], data: ramp(0) } })).toThrow(/expected at least one/);
    expect(set({ classes: ["a", "b"] })).toThrow(/label 2, expected 0 to 1/);
  });
});

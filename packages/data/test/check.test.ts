import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { checkDataset } from "../src/node/index.ts";
import { idxBytes } from "./idx-bytes.ts";
import { folderOf, picture } from "./temporary-folder.ts";

describe("a check", () => {
  it("tells what a folder of pictures holds, broken and double ones too", async () => {
    const tall = sharp({ create: { width: 6, height: 3, channels: 4, background: "#ff000080" } });
    const turned = await tall.clone().flatten().jpeg().withMetadata({ orientation: 6 }).toBuffer();
    const path = await folderOf({
      "cat/a.png": await picture(1, 4),
      "cat/b.png": await picture(1, 4),
      "cat/c.png": await tall.png().toBuffer(),
      "dog/d.jpg": turned,
      "dog/e.jpg": turned.subarray(0, turned.length - 40),
      "dog/f.png": "<html>",
      "dog/g.png": await sharp(await picture(9, 4))
        .toColourspace("b-w")
        .png()
        .toBuffer(),
    });
    const seen: number[] = [];
    const report = await checkDataset(path, { progress: (done) => seen.push(done) });
    expect(report).toMatchObject({
      path,
      format: "images",
      images: 7,
      smallestSide: 3,
      largestSide: 6,
      differentSizes: 3,
      encodings: { png: 4, jpeg: 1 },
      depths: { uchar: 5 },
      classes: [
        { name: "cat", images: 3 },
        { name: "dog", images: 4 },
      ],
      duplicates: [["cat/a.png", "cat/b.png"]],
      flippable: true,
    });
    expect(report.sizes[0]).toEqual({ height: 4, width: 4, images: 3 });
    expect(report.sizes).toContainEqual({ height: 6, width: 3, images: 1 });
    expect(report.colours).toMatchObject({ srgb: 3, "srgb with alpha": 1, "b-w": 1 });
    expect(report.broken.map(({ file }) => file)).toEqual(["dog/e.jpg", "dog/f.png"]);
    expect(report.broken[1]!.reason).toMatch(/begins as no picture does: "<html>"/);
    expect(seen).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  it("gives a reason for every damaged picture, also where its codec reports none", async () => {
    const whole = await picture(1, 16);
    const wrongSum = Uint8Array.from(whole, (byte, at) => (at === 30 ? byte ^ 1 : byte));
    const path = await folderOf({ "a.png": whole, "b.png": wrongSum, "c.png": whole.subarray(0, 40) });
    const { broken } = await checkDataset(path);
    expect(broken).toEqual([
      { file: "b.png", reason: "does not decode (its data is damaged)" },
      { file: "c.png", reason: "does not decode (Input buffer has corrupt header)" },
    ]);
  });

  it("tells what raw arrays hold", async () => {
    const path = await folderOf({});
    const pixels = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4);
    await writeFile(join(path, "t10k-images-idx3-ubyte"), idxBytes([3, 2, 2], pixels));
    await writeFile(join(path, "t10k-labels-idx1-ubyte"), idxBytes([3], Uint8Array.of(0, 1, 1)));
    const report = await checkDataset(path, { split: "test" });
    expect(report).toMatchObject({
      format: "idx",
      images: 3,
      sizes: [{ height: 2, width: 2, images: 3 }],
      colours: { "b-w": 3 },
      encodings: { raw: 3 },
      classes: [
        { name: "0", images: 1 },
        { name: "1", images: 2 },
      ],
      broken: [],
      duplicates: [["image 0", "image 2"]],
    });
  });

  it("refuses what is no set", async () => {
    await expect(checkDataset(await folderOf({ "a.txt": "x" }))).rejects.toThrow(/a folder with 1 entry/);
  });
});

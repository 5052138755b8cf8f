import { readFile } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import type { DecodeOptions } from "../src/node/authoring.ts";
import { decodeImage, openDataset } from "../src/node/index.ts";
import { kindByContent } from "../src/pictures/picture-kind.ts";
import { isImageName } from "../src/pictures/picture-names.ts";
import { folderOf, picture } from "./temporary-folder.ts";

const look: DecodeOptions = { fit: "crop", kernel: "lanczos3", channels: 3, background: [255, 255, 255] };
const fixture = (name: string) => readFile(join(import.meta.dirname, "fixtures/pictures", name));
const pixelsOf = async (bytes: Uint8Array, more: Partial<DecodeOptions> = {}): Promise<number[]> => [
  ...(await decodeImage(bytes, "x", { ...look, ...more })).pixels,
];

describe("BMP files", () => {
  it.each([
    ["core.bmp", "rgb.rgb"],
    ["topdown.bmp", "rgb.rgb"],
    ["p16.bmp", "p16.rgb"],
    ["one.bmp", "one.rgb"],
    ["rle8.bmp", "rle8.rgb"],
  ])("%s decodes to the pixels that Pillow gives", async (file, expected) => {
    const { pixels, height, width } = await decodeImage(await fixture(file), file, look);
    expect([height, width]).toEqual([5, 7]);
    expect([...pixels]).toEqual([...(await fixture(expected))]);
  });

  it("with bit fields have their fields' range spread over 0 … 255", async () => {
    const full = [...(await fixture("rgb.rgb"))];
    const expected = full.map((value, i) =>
      i % 3 === 1 ? Math.round(((value >> 2) * 255) / 63) : Math.round(((value >> 3) * 255) / 31),
    );
    expect(await pixelsOf(await fixture("rgb565.bmp"))).toEqual(expected);
  });

  it("that end early or claim too much are refused", async () => {
    const bytes = await fixture("topdown.bmp");
    await expect(pixelsOf(bytes.subarray(0, 150))).rejects.toThrow(
      /does not decode \(it ends within its pixels/,
    );
    const huge = Uint8Array.from(bytes);
    new DataView(huge.buffer).setInt32(18, 2 ** 30, true);
    await expect(pixelsOf(huge)).rejects.toThrow(/does not decode \(1073741824×5 pixels/);
  });
});

describe("a GIF's first frame that is smaller than its canvas", () => {
  const gif = Buffer.from(
    "474946383961040004008000 00ffffffff0000 2c010001000200020000 02040cc33005 00 3b".replaceAll(" ", ""),
    "hex",
  );

  it("leaves the background around it", async () => {
    const inside = [5, 6, 9, 10];
    const shown = (background: readonly number[]) =>
      Array.from({ length: 16 }, (_, i) => (inside.includes(i) ? [255, 0, 0] : background)).flat();
    expect(await pixelsOf(gif)).toEqual(shown([255, 255, 255]));
    expect(await pixelsOf(gif, { background: [0, 0, 9] })).toEqual(shown([0, 0, 9]));
  });

  it("widens the canvas where it reaches beyond", async () => {
    const beyond = Uint8Array.from(gif).with(20, 3);
    expect(await decodeImage(beyond, "x", look)).toMatchObject({ height: 4, width: 5 });
  });
});

describe("enlarging", () => {
  const grey = (rows: number[][]) =>
    sharp(Uint8Array.from(rows.flat()), { raw: { width: rows[0]!.length, height: rows.length, channels: 1 } })
      .png()
      .toBuffer();
  const columns = Array.from({ length: 4 }, () => [0, 80, 160, 240]);

  // From Pillow 12.3: `resize((8, 8), …)`.
  it.each([
    ["nearest", [0, 0, 80, 80, 160, 160, 240, 240]],
    ["linear", [0, 20, 60, 100, 140, 180, 220, 240]],
    ["cubic", [0, 13, 57, 100, 140, 183, 227, 247]],
    ["lanczos3", [0, 11, 54, 102, 138, 186, 229, 247]],
  ] as const)("is symmetric, as Pillow's: %s", async (kernel, expected) => {
    const row = (await pixelsOf(await grey(columns), { size: [8, 8], kernel, channels: 1 })).slice(0, 8);
    expect(row).toEqual(expected);
  });

  it("takes the middle of what is cropped, to fractions of a pixel", async () => {
    const wide = await grey([
      [0, 100, 200],
      [0, 100, 200],
    ]);
    const options = { size: [3, 3], kernel: "linear", channels: 1 } as const;
    // Columns 0.5 … 2.5, from ImageOps.fit.
    expect((await pixelsOf(wide, options)).slice(0, 3)).toEqual([33, 100, 167]);
  });

  it("of one side leaves the other made smaller: bilinear, stretched", async () => {
    const options = { size: [8, 2], fit: "stretch", kernel: "linear", channels: 1 } as const;
    expect((await pixelsOf(await grey(columns), options)).slice(0, 2)).toEqual([57, 183]);
  });
});

describe("what is no picture", () => {
  const brands = (major: string, other: string) =>
    Buffer.from(`\0\0\0\x18ftyp${major}\0\0\0\0${other}mif1`, "latin1");

  it.each<[string, Uint8Array, RegExp]>([
    ["an empty file", new Uint8Array(), /does not decode \(it is empty: 0 bytes\)/],
    ["a web page", Buffer.from("<!DOCTYPE html><html>"), /begins as no picture does: "<!DOCTYPE html><"/],
    ["HEIC", brands("heic", "heic"), /is a HEIC picture, which is not supported here\. Convert it/],
    ["JPEG XL", Uint8Array.of(0xff, 0x0a, 1, 2), /is a JPEG XL picture, which is not supported/],
    [
      "a Git LFS pointer",
      Buffer.from("version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n"),
      /is a Git LFS pointer, not the file itself\. Run `git lfs pull`/,
    ],
  ])("is named: %s", async (_, bytes, message) => {
    await expect(pixelsOf(bytes)).rejects.toThrow(message);
  });

  it("AVIF and HEIC are distinguished by all brands", () => {
    expect(kindByContent(brands("mif1", "avif"))?.name).toBe("AVIF");
    expect(kindByContent(brands("heic", "mif1"))?.name).toBe("HEIC");
  });
});

it("endings of pictures that are decoded here are known, whatever sites append", () => {
  const yes = [
    "a.PNG",
    "a.jpe",
    "a.jfif",
    "a.jpg_large",
    "a.jpg:orig",
    "a.png?w=100",
    "a.avif",
    "a.bmp",
    "a.tiff",
  ];
  expect(yes.filter((name) => !isImageName(name))).toEqual([]);
  const no = ["a.heic", "a.svg", "a.txt", "a.png.txt", "a", "png", "a.jpg.gz", "a.bmp.json"];
  expect(no.filter((name) => isImageName(name))).toEqual([]);
});

it("a folder of every kind opens by content, whatever the endings", async () => {
  const pictureAs = (format: "avif" | "tiff" | "webp") =>
    sharp({ create: { width: 2, height: 2, channels: 3, background: "#070707" } })
      .toFormat(format, { lossless: true })
      .toBuffer();
  const set = await openDataset(
    await folderOf({
      "a.jpg": await picture(7),
      "b.jfif": await picture(7, 2, "jpeg"),
      "c.png": await pictureAs("avif"),
      "d.tif": await pictureAs("tiff"),
      "e.jpg_large": await pictureAs("webp"),
    }),
  );
  const levels = await Promise.all(Array.from({ length: 5 }, async (_, i) => (await set.image(i)).pixels[0]));
  expect(levels).toEqual([7, 7, 7, 7, 7]);
});

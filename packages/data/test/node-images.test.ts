import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import sharp, { type Sharp } from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { imageStream } from "../src/index.ts";
import { openDataset } from "../src/node/index.ts";

let root = "";
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "data-images-"));
});
afterAll(() => rm(root, { recursive: true }));

type Files = Readonly<Record<string, Sharp | Uint8Array | string>>;

/** Writes files into a new folder; a picture's ending says its format. */
async function folder(files: Files): Promise<string> {
  const path = await mkdtemp(join(root, "set-"));
  for (const [name, content] of Object.entries(files)) {
    const file = join(path, name);
    await mkdir(dirname(file), { recursive: true });
    if (typeof content === "string" || content instanceof Uint8Array) await writeFile(file, content);
    else await writeFile(file, await content.toFormat(name.split(".").pop() as "png").toBuffer());
  }
  return path;
}
const plain = (width: number, height: number, background: string | object): Sharp =>
  sharp({ create: { width, height, channels: 3, background: background as string } });
/** Left half one colour, right half another. */
const halves = (width: number, height: number, left: string, right: string): Sharp =>
  plain(width, height, left).composite([
    {
      input: { create: { width: width / 2, height, channels: 3, background: right } },
      left: width / 2,
      top: 0,
    },
  ]);
const first = async (path: string, options: object) => [
  ...(await (await openDataset(path, options)).image(0)).pixels,
];

describe("a folder of images", () => {
  it("is sorted by path in any locale, without hidden files and other kinds", async () => {
    const grey = (level: number) => plain(2, 2, { r: level, g: level, b: level });
    const path = await folder({
      "b.png": grey(3),
      "Z.png": grey(1),
      "a10.png": grey(2),
      "é.png": grey(4),
      ".DS_Store": "junk",
      ".hidden.png": "junk",
      "__MACOSX/b.png": "junk",
      "readme.txt": "hello",
    });
    const set = await openDataset(path);
    expect([set.length, set.shape, set.classes]).toEqual([4, [2, 2, 3], undefined]);
    const levels = await Promise.all([0, 1, 2, 3].map(async (i) => (await set.image(i)).pixels[0]));
    expect(levels).toEqual([1, 2, 3, 4]);
    await expect(set.image(4)).rejects.toThrow(/image 4/);
  });

  it("takes the topmost folders as classes, files at any depth", async () => {
    const path = await folder({
      "dog/x.png": plain(2, 2, "red"),
      "cat/deep/er/y.png": plain(2, 2, "blue"),
      "cat/a.png": plain(2, 2, "lime"),
    });
    const set = await openDataset(path);
    expect(set.classes).toEqual(["cat", "dog"]);
    const images = await Promise.all([0, 1, 2].map((i) => set.image(i)));
    expect(images.map(({ label }) => label)).toEqual([0, 0, 1]);
    expect(images.map(({ pixels }) => [...pixels.slice(0, 3)])).toEqual([
      [0, 255, 0],
      [0, 0, 255],
      [255, 0, 0],
    ]);
    const bare = await openDataset(path, { labels: false });
    expect(bare.classes).toBeUndefined();
    expect((await bare.image(0)).label).toBeUndefined();
    expect(bare.fingerprint).not.toBe(set.fingerprint);
  });

  it("has no classes in a single folder, and refuses images next to folders", async () => {
    const single = await openDataset(await folder({ "images/a.png": plain(2, 2, "red") }));
    expect(single.classes).toBeUndefined();
    const mixed = await folder({ "a/x.png": plain(2, 2, "red"), "y.png": plain(2, 2, "red") });
    await expect(openDataset(mixed)).rejects.toThrow(/next to them \(y.png\).*Set labels to false/);
    expect((await openDataset(mixed, { labels: false })).length).toBe(2);
  });

  it("does not take splits for classes", async () => {
    const path = await folder({
      "train/a/1.png": plain(2, 2, "red"),
      "train/b/2.png": plain(2, 2, "red"),
      "val/images/3.png": plain(2, 2, "red"),
    });
    const train = await openDataset(path);
    expect(train.classes).toEqual(["a", "b"]);
    expect(train.name.endsWith("/train")).toBe(true);
    expect(await openDataset(path, { split: "val" })).toMatchObject({ length: 1 });
    await expect(openDataset(path, { split: "test" })).rejects.toThrow(/no split test, it has train, val/);
    const other = await folder({ "val/a.png": plain(2, 2, "red"), "test/b.png": plain(2, 2, "red") });
    await expect(openDataset(other)).rejects.toThrow(/no split train, it has test, val/);
  });

  it("follows links, and stops at a link that leads back", async () => {
    const target = await folder({ "a.png": plain(2, 2, "red") });
    const path = await folder({ "one/b.png": plain(2, 2, "red") });
    await symlink(target, join(path, "two"));
    await symlink(path, join(path, "one", "loop"));
    const set = await openDataset(path);
    expect([set.length, set.classes]).toEqual([2, ["one", "two"]]);
  });
});

describe("any image becomes bytes of one size", () => {
  it("by cropping the middle, or by stretching", async () => {
    const path = await folder({ "wide.png": halves(40, 10, "red", "blue") });
    const cropped = await first(path, { size: 10, kernel: "nearest" });
    expect(cropped).toEqual(
      Array.from({ length: 10 }, () => [...Array(5).fill([255, 0, 0]), ...Array(5).fill([0, 0, 255])]).flat(
        2,
      ),
    );
    const stretched = await first(path, { size: [2, 4], fit: "stretch", kernel: "nearest" });
    expect(stretched.length).toBe(24);
    expect([stretched.slice(0, 3), stretched.slice(9, 12)]).toEqual([
      [255, 0, 0],
      [0, 0, 255],
    ]);
  });

  it.each([
    [1, 1, 8],
    [3, 500, 16],
    [700, 2, 16],
    [23, 41, 64],
  ])("from %i×%i to a square of %i", async (width, height, size) => {
    const path = await folder({ "a.jpeg": plain(width, height, { r: 200, g: 100, b: 50 }) });
    const pixels = await first(path, { size });
    expect(pixels.length).toBe(size * size * 3);
    [200, 100, 50].forEach((value, c) => {
      expect(Math.abs(pixels[c]! - value)).toBeLessThan(4);
    });
  });

  it("upright, whatever EXIF says", async () => {
    const turned = await halves(20, 20, "red", "blue")
      .jpeg({ quality: 100 })
      .withMetadata({ orientation: 6 })
      .toBuffer();
    const path = await folder({ "a.jpg": turned });
    const pixels = await first(path, { size: 2, kernel: "nearest" });
    const isRed = [0, 3, 6, 9].map((i) => pixels[i]! > 128);
    expect(isRed).toEqual([true, true, false, false]);
    const tall = await folder({
      "a.jpg": await plain(8, 4, "red").jpeg().withMetadata({ orientation: 6 }).toBuffer(),
    });
    expect((await openDataset(tall)).shape).toEqual([8, 4, 3]);
  });

  it("from 16 bits, CMYK, grey, transparency, WebP and the first frame of a GIF", async () => {
    const deep = new Uint16Array(4 * 3).map((_, i) => [10, 128, 250][i % 3]! * 257);
    const frames = new Uint8Array(2 * 4 * 2 * 3).map((_, i) => (i < 24 ? [255, 0, 0] : [0, 0, 255])[i % 3]!);
    const files = {
      deep: sharp(deep, { raw: { width: 2, height: 2, channels: 3 } })
        .toColourspace("rgb16")
        .png(),
      cmyk: plain(8, 8, { r: 200, g: 50, b: 10 }).toColourspace("cmyk").jpeg({ quality: 100 }),
      grey: plain(8, 8, { r: 99, g: 99, b: 99 }).greyscale().jpeg(),
      clear: sharp({
        create: { width: 8, height: 8, channels: 4, background: { r: 200, g: 0, b: 0, alpha: 0.5 } },
      }).png(),
      webp: plain(8, 8, { r: 5, g: 250, b: 5 }).webp({ lossless: true }),
      gif: sharp(frames, { raw: { width: 2, height: 8, channels: 3, pageHeight: 4 } }).gif(),
    };
    const pixel = async (name: keyof typeof files, options: object = {}) => {
      const path = await folder({
        [`${name}.${name in { webp: 1, gif: 1 } ? name : "png"}`]: await files[name].toBuffer(),
      });
      return (await first(path, { size: 4, ...options })).slice(0, 3);
    };
    expect(await pixel("deep")).toEqual([10, 128, 250]);
    const [r, g, b] = await pixel("cmyk");
    expect([Math.abs(r! - 200) < 12, Math.abs(g! - 50) < 12, Math.abs(b! - 10) < 12]).toEqual([
      true,
      true,
      true,
    ]);
    expect(await pixel("grey")).toEqual([99, 99, 99]);
    expect(await pixel("clear")).toEqual([227, 127, 127]);
    expect(await pixel("clear", { background: [0, 0, 0] })).toEqual([100, 0, 0]);
    expect(await pixel("webp")).toEqual([5, 250, 5]);
    expect(await pixel("gif")).toEqual([255, 0, 0]);
  });

  it("in grey by Rec. 601, as Pillow rounds", async () => {
    const raw = Uint8Array.of(200, 50, 10, 1, 2, 3, 255, 255, 254, 77, 77, 77);
    const path = await folder({ "a.png": sharp(raw, { raw: { width: 2, height: 2, channels: 3 } }) });
    expect(await first(path, { channels: 1 })).toEqual([90, 2, 255, 77]);
    expect((await openDataset(path, { channels: 1 })).shape).toEqual([2, 2, 1]);
  });
});

describe("what cannot be used is named", () => {
  const noise = () =>
    sharp({
      create: {
        width: 64,
        height: 64,
        channels: 3,
        background: "white",
        noise: { type: "gaussian", mean: 128, sigma: 50 },
      },
    });

  it("an image that does not decode, when it is read", async () => {
    const jpeg = await noise().jpeg().toBuffer();
    for (const bad of [
      new Uint8Array(),
      new TextEncoder().encode("<html>"),
      jpeg.subarray(0, jpeg.length - 500),
    ]) {
      const path = await folder({ "a.png": noise(), "bad.jpg": bad });
      const set = await openDataset(path);
      await set.image(0);
      await expect(set.image(1)).rejects.toThrow(
        /bad\.jpg: does not decode \(.+\)\. Remove it, or set skipBad/,
      );
      await expect(imageStream(set, { seed: 0 }).read(0, 2)).rejects.toThrow(/bad\.jpg/);
    }
  });

  it("bad images left out on request, counted and listed", async () => {
    const path = await folder({
      "a/0.png": "junk",
      "a/1.png": plain(2, 2, { r: 1, g: 1, b: 1 }),
      "b/2.png": "junk",
      "b/3.png": plain(2, 2, { r: 3, g: 3, b: 3 }),
    });
    const set = await openDataset(path, { skipBad: true });
    expect(set.length).toBe(2);
    expect(set.skipped?.map(({ file }) => file)).toEqual(["a/0.png", "b/2.png"]);
    expect(set.skipped?.[0]?.reason).toMatch(/0\.png: does not decode/);
    expect(await Promise.all([set.image(0), set.image(1)])).toMatchObject([{ label: 0 }, { label: 1 }]);
    expect((await set.image(1)).pixels[0]).toBe(3);
    const without = await openDataset(path, { size: 2 });
    expect(set.fingerprint).not.toBe(without.fingerprint);
    const none = await folder({ "a.png": "junk" });
    await expect(openDataset(none, { skipBad: true })).rejects.toThrow(/none of 1 images decodes/);
    await expect(openDataset(none, { skipBad: true, size: 8 })).rejects.toThrow(/none of 1 images decodes/);
  });

  it("an image of another size where no size is given, even when bad ones may be skipped", async () => {
    const path = await folder({ "a.png": plain(4, 6, "red"), "b.png": plain(6, 4, "red") });
    const set = await openDataset(path);
    expect(set.shape).toEqual([6, 4, 3]);
    await expect(set.image(1)).rejects.toThrow(/b\.png has 4 rows of 6 pixels, expected 6 of 4.*Set size/);
    await expect(openDataset(path, { skipBad: true })).rejects.toThrow(/b\.png has 4 rows/);
  });

  it("nothing there, nothing in it, nothing known", async () => {
    await expect(openDataset(join(root, "missing"))).rejects.toThrow(/missing does not exist/);
    await expect(openDataset(await folder({}))).rejects.toThrow(
      /an empty folder, expected one of:\n {2}idx: .*\n {2}images: /s,
    );
    await expect(openDataset(await folder({ "a.txt": "x", "b.csv": "y" }))).rejects.toThrow(
      /2 entries \(\.txt, \.csv\)/,
    );
    await expect(openDataset(await folder({ "a.txt": "x" }), { format: "images" })).rejects.toThrow(
      /no PNG, JPEG/,
    );
    await expect(openDataset(join(await folder({ "a.rar": "Rar!" }), "a.rar"))).rejects.toThrow(
      /a file ending in \.rar that begins with 52 61 72 21/,
    );
    await expect(openDataset(join(await folder({ "a.dat": "" }), "a.dat"))).rejects.toThrow(/an empty file/);
  });

  it("options that the format does not take", async () => {
    const path = await folder({ "a.png": plain(2, 2, "red") });
    await expect(openDataset(path, { sise: 3 })).rejects.toThrow(
      /unknown option "sise".*Did you mean "size"/,
    );
    await expect(openDataset(path, { size: 0 })).rejects.toThrow(/option "size"/);
    await expect(openDataset(path, { format: "image" })).rejects.toThrow(
      /unknown data format "image".*"images"/,
    );
  });
});

it("decodes each image once, and the fingerprint follows files, sizes and options", async () => {
  const path = await folder({ "a.png": plain(4, 4, "red"), "b.png": plain(4, 4, "blue") });
  const set = await openDataset(path, { size: 2 });
  const [one, again] = [await set.image(0), await set.image(0)];
  expect(again).toBe(one);
  const small = await openDataset(path, { size: 2, cache: 0 });
  expect(await small.image(0)).not.toBe(await small.image(0));
  expect((await small.image(0)).pixels).toEqual(one.pixels);
  expect(small.fingerprint).toBe(set.fingerprint);
  expect((await openDataset(path, { size: 3 })).fingerprint).not.toBe(set.fingerprint);
  await rm(join(path, "b.png"));
  expect((await openDataset(path, { size: 2 })).fingerprint).not.toBe(set.fingerprint);
});

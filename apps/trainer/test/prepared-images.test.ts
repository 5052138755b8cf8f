import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openDataset } from "@ddpm/data/node";
import { inpainting, superResolution } from "@ddpm/diffusion";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { openConditions } from "../src/drawing/condition-images.ts";
import { paintMask } from "../src/drawing/paint-mask.ts";
import { sourceImages } from "../src/drawing/source-images.ts";
import { temporaryFolder } from "./support/command.ts";

const folder = temporaryFolder();
const at = (...parts: readonly string[]): string => join(folder, ...parts);
const data = { source: "elsewhere", range: "symmetric" } as const;
const fixtures = fileURLToPath(new URL("fixtures/photos", import.meta.url));

type Colour = readonly [red: number, green: number, blue: number, opacity?: number];

/** Writes a PNG whose pixels a function gives. */
async function picture(
  name: string,
  [height, width]: readonly [height: number, width: number],
  colourAt: (x: number, y: number) => Colour,
): Promise<string> {
  const pixels = Array.from({ length: height * width }, (_, i) => {
    const [r, g, b, a = 255] = colourAt(i % width, Math.floor(i / width));
    return [r, g, b, a];
  });
  mkdirSync(join(at(name), ".."), { recursive: true });
  await sharp(Buffer.from(pixels.flat()), { raw: { width, height, channels: 4 } })
    .png()
    .toFile(at(name));
  return at(name);
}

const white: Colour = [255, 255, 255];
const black: Colour = [0, 0, 0];

/** Columns of the first row that are painted. */
const columns = (mask: Float32Array, width: number): number[] =>
  [...mask.subarray(0, width).keys()].filter((x) => mask[x] === 1);

describe("images to work on", () => {
  test.each([
    [
      "a folder of class folders",
      async () => {
        await picture("photos/cat/a.png", [20, 30], () => [200, 10, 10]);
        await picture("photos/dog/b.png", [40, 25], () => [10, 200, 10]);
        return at("photos");
      },
    ],
    [
      "pictures next to folders",
      async () => {
        await picture("mixed/a.png", [20, 30], () => [200, 10, 10]);
        await picture("mixed/dog/b.png", [40, 25], () => [10, 200, 10]);
        return at("mixed");
      },
    ],
    [
      "a path with spaces and other scripts, and macOS' ._ files",
      async () => {
        await picture("mes photos 写真/á.png", [20, 30], () => [200, 10, 10]);
        await picture("mes photos 写真/б.png", [40, 25], () => [10, 200, 10]);
        writeFileSync(at("mes photos 写真", "._á.png"), "metadata");
        return at("mes photos 写真");
      },
    ],
  ])("of %s are brought to the run's size", async (_, make) => {
    const { images } = await sourceImages(await make(), { data, shape: [16, 24, 3], count: 8 });
    expect(images.shape).toEqual([2, 16, 24, 3]);
    const bytes = [...images.data.subarray(0, 3)].map((value) => Math.round((value + 1) * 127.5));
    expect(bytes).toEqual([200, 10, 10]);
  });

  test.each(["photos.zip", "photos.tar", "photos.parquet"])(
    "in %s are those that training reads with the run's size and channels",
    async (name) => {
      const path = join(fixtures, name);
      const set = await openDataset(path, { size: 16, channels: 1 });
      const seen = await Promise.all(Array.from({ length: set.length }, (_, i) => set.image(i)));
      await set.close?.();
      const { images } = await sourceImages(path, { data, shape: [16, 16, 1], count: 100 });
      const bytes = Array.from(images.data, (value) => Math.round((value + 1) * 127.5));
      expect(bytes).toEqual(seen.flatMap(({ pixels }) => [...pixels]));
      const condition = superResolution({ factor: 4 });
      const more = { condition, data, shape: [16, 16, 1], seed: 0, count: 2 } as const;
      expect((await openConditions(path, more))(0, 2).shape).toEqual([2, 16, 16, 1]);
    },
  );

  test("of exactly the run's size are untouched, whatever the kernel", async () => {
    const path = await picture("noise.png", [16, 24], (x, y) => [(x * 37 + y * 91) % 256, (x * y) % 256, 7]);
    const plain = await sharp(path).removeAlpha().raw().toBuffer();
    for (const kernel of ["lanczos3", "nearest", "cubic"]) {
      const own = { data: { ...data, kernel, fit: "crop" }, shape: [16, 24, 3] } as const;
      const { images } = await sourceImages(path, { ...own, count: 1 });
      expect(Array.from(images.data, (value) => Math.round((value + 1) * 127.5))).toEqual([...plain]);
    }
  });

  test.each([
    [undefined, 255],
    [[0, 0, 0], 0],
  ])("with transparency are composed over the run's background %j", async (background, shown) => {
    await picture("clear/a.png", [8, 8], () => [90, 90, 90, 0]);
    const own = { data: { ...data, ...(background ? { background } : {}) }, shape: [8, 8, 3] } as const;
    for (const path of [at("clear"), at("clear", "a.png")]) {
      const { images } = await sourceImages(path, { ...own, count: 1 });
      expect((images.data[0]! + 1) * 127.5).toBeCloseTo(shown, 4);
    }
  });

  test("are stretched where the run stretches, and come from its split where there is one", async () => {
    const half = (x: number): Colour => (x < 16 ? white : black);
    await picture("splits/train/a.png", [16, 32], () => [9, 9, 9]);
    await picture("splits/test/a.png", [16, 32], half);
    const own = { data: { ...data, fit: "stretch", split: "test" }, shape: [16, 16, 3] } as const;
    const { images } = await sourceImages(at("splits"), { ...own, count: 9 });
    expect(images.shape[0]).toBe(1);
    expect(images.data[3 * 7]).toBeGreaterThan(0.7);
    expect(images.data[3 * 8]).toBeLessThan(-0.7);
    // A folder without splits is taken as it is.
    expect((await sourceImages(at("splits", "train"), { ...own, count: 9 })).images.shape[0]).toBe(1);
  });

  test("that no picture can be made of are refused with what to do", async () => {
    writeFileSync(at("broken.png"), "no picture");
    mkdirSync(at("half"), { recursive: true });
    writeFileSync(at("half", "broken.png"), "no picture");
    const open = (path: string) => sourceImages(path, { data, shape: [28, 28, 1], count: 1 });
    await expect(open(at("none"))).rejects.toThrow(/none does not exist\. Give a picture/);
    await expect(open(at("broken.png"))).rejects.toThrow(/broken.png: does not decode .* Give another/);
    await expect(open(at("half"))).rejects.toThrow(/broken.png does not decode .* leave it out with --skip/);
    await expect(open("shapes")).rejects.toThrow(/28 × 28 × 3, and the run's are 28 × 28 × 1/);
  });
});

describe("a mask", () => {
  const shape = [16, 16, 3] as const;
  const own = { data, shape };
  const photo = [{ name: "photo", size: [16, 32] }] as const;
  const strip = (name: string, from: number, to: number) =>
    picture(name, [16, 32], (x) => (x >= from && x < to ? white : black));

  test("is cropped as its picture is", async () => {
    const mask = await paintMask(await strip("mask.png", 12, 20), own, photo);
    expect(columns(mask, 16)).toEqual([4, 5, 6, 7, 8, 9, 10, 11]);
    const stretched = { ...own, data: { ...data, fit: "stretch" } };
    expect(columns(await paintMask(at("mask.png"), stretched, photo), 16)).toEqual([6, 7, 8, 9]);
  });

  test("is turned upright as its picture is", async () => {
    await strip("sideways.png", 0, 16);
    const turned = await sharp(at("sideways.png")).withMetadata({ orientation: 6 }).png().toBuffer();
    writeFileSync(at("turned.png"), turned);
    const mask = await paintMask(at("turned.png"), own, [{ name: "photo", size: [32, 16] }]);
    expect([mask[0], mask[16 * 15]]).toEqual([1, 0]);
  });

  test.each([
    ["white on transparent", (inside: boolean): Colour => [255, 255, 255, inside ? 255 : 0]],
    ["white on transparent black", (inside: boolean): Colour => (inside ? white : [0, 0, 0, 0])],
    ["white on black", (inside: boolean): Colour => (inside ? white : black)],
  ])("of %s paints the white, for inpaint and for a condition alike", async (_, colourOf) => {
    const path = await picture("square.png", [16, 16], (x, y) =>
      colourOf(x >= 4 && x < 8 && y >= 4 && y < 8),
    );
    const image = await picture("grey.png", [16, 16], () => [50, 50, 50]);
    const mask = await paintMask(path, own, [{ name: "grey.png", size: [16, 16] }]);
    expect(mask.reduce((sum, value) => sum + value)).toBe(16);
    const options = { condition: inpainting(), ...own, seed: 0, count: 1, mask: path };
    const { data: condition } = (await openConditions(image, options))(0, 1);
    expect(Array.from(mask.keys(), (i) => condition[4 * i + 3])).toEqual([...mask]);
  });

  test.each([
    ["left", [1, 1, 0, 0, 1, 1, 0, 0]],
    ["bottom", [0, 0, 0, 0, 1, 1, 1, 1]],
  ])("named %s is that part of a picture that is not square", async (word, painted) => {
    expect([...(await paintMask(word, { data, shape: [2, 4, 3] }, []))]).toEqual(painted);
  });

  test.each([
    [
      "paints nothing, though its picture's margin is white",
      () => strip("margin.png", 0, 4),
      /paints nothing/,
    ],
    ["paints everything", () => strip("all.png", 0, 32), /paints everything/],
    [
      "has another aspect ratio",
      () => picture("square.png", [16, 16], () => white),
      /16 × 16 .* photo is 16 × 32/,
    ],
    ["is not there", async () => at("none.png"), /none.png does not exist.*left, right/],
  ])("that %s is refused", async (_, make, message) => {
    await expect(paintMask(await make(), own, photo)).rejects.toThrow(message);
  });

  test("hides behind mid-grey whatever the run's range", async () => {
    const image = await picture("white.png", [4, 4], () => white);
    for (const [range, grey] of [
      ["symmetric", 0],
      ["unit", 0.5],
    ] as const) {
      const options = {
        condition: inpainting(),
        data: { ...data, range },
        shape: [4, 4, 3],
        mask: "left",
      } as const;
      const { data: condition } = (await openConditions(image, { ...options, seed: 0, count: 1 }))(0, 1);
      expect([...condition.subarray(0, 4)]).toEqual([grey, grey, grey, 1]);
      expect([...condition.subarray(12, 16)]).toEqual([1, 1, 1, 0]);
    }
  });
});

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type DatasetImage, isDdpmError } from "@ddpm/core";
import sharp, { type Sharp } from "sharp";
import { expect, it } from "vitest";
import { limiter } from "../src/bytes/limiter.ts";
import { openDataset } from "../src/node/index.ts";
import { type DecodeOptions, decodeImage } from "../src/node/pictures/decode.ts";
import { pictureDecoder } from "../src/node/pictures/picture-decoder.ts";
import { plainColours } from "../src/node/pictures/plain-picture.ts";
import { folderOf } from "./temporary-folder.ts";

/** [8, 6] of colours that differ from pixel to pixel. */
const pixels = (channels: 1 | 3 | 4, seed = 0): Sharp =>
  sharp(
    Uint8Array.from({ length: 48 * channels }, (_, i) => (i * 37 + seed * 101 + i * i) % 256),
    { raw: { height: 8, width: 6, channels } },
  );
const look = {
  size: [8, 6],
  fit: "crop",
  kernel: "lanczos3",
  channels: 3,
  background: [9, 99, 199],
} as const;

/** A PNG with one more chunk before its last, which libvips takes for its orientation. */
async function turnedPng(): Promise<Uint8Array> {
  const plain = await pixels(3).png().toBuffer();
  const turned = await pixels(3).withMetadata({ orientation: 6 }).png().toBuffer();
  const at = turned.indexOf("eXIf") - 4;
  const exif = turned.subarray(at, at + 12 + turned.readUInt32BE(at));
  return Buffer.concat([plain.subarray(0, -12), exif, plain.subarray(-12)]);
}

const kinds: Readonly<Record<string, readonly [plain: 1 | 3 | undefined, () => Promise<Uint8Array>]>> = {
  jpeg: [3, () => pixels(3).jpeg().toBuffer()],
  "jpeg, whole chroma": [3, () => pixels(3, 1).jpeg({ chromaSubsampling: "4:4:4" }).toBuffer()],
  "jpeg, progressive": [3, () => pixels(3, 2).jpeg({ progressive: true }).toBuffer()],
  "jpeg, grey": [1, () => pixels(1).toColourspace("b-w").jpeg().toBuffer()],
  "jpeg, grey, another": [1, () => pixels(1, 5).toColourspace("b-w").jpeg().toBuffer()],
  png: [3, () => pixels(3, 3).png().toBuffer()],
  "png, interlaced": [3, () => pixels(3, 4).png({ progressive: true }).toBuffer()],
  "png, grey": [1, () => pixels(1, 6).toColourspace("b-w").png().toBuffer()],
  "png, palette": [undefined, () => pixels(3).png({ palette: true }).toBuffer()],
  "png, transparent": [undefined, () => pixels(4).png().toBuffer()],
  "png, 16 bits": [undefined, () => pixels(3).toColourspace("rgb16").png().toBuffer()],
  "png, turned": [undefined, turnedPng],
  "jpeg, turned": [undefined, () => pixels(3).withMetadata({ orientation: 8 }).jpeg().toBuffer()],
  "jpeg, profile": [undefined, () => pixels(3).withIccProfile("p3").jpeg().toBuffer()],
  "jpeg, cmyk": [undefined, () => pixels(3).toColourspace("cmyk").jpeg().toBuffer()],
  "jpeg, larger": [undefined, () => pixels(3).resize(12, 16).jpeg().toBuffer()],
  webp: [undefined, () => pixels(3).webp().toBuffer()],
};

it.each([1, 3] as const)(
  "small pictures decoded together are what each is alone, to %i channels",
  async (channels) => {
    const bytes = await Promise.all(Object.values(kinds).map(([, make]) => make()));
    const asked: DecodeOptions = { ...look, channels };
    // More than go together at once, in another order.
    const many = Array.from({ length: 60 }, (_, i) => bytes[(i * 7) % bytes.length]!);
    const decode = pictureDecoder(asked, limiter(3));
    const found = await Promise.all(many.map((one) => decode("x", () => one)));
    expect(found).toEqual(await Promise.all(many.map((one) => decodeImage(one, "x", asked))));
  },
);

it("begins libvips once for sixteen small pictures", async () => {
  const bytes = await pixels(3).jpeg().toBuffer();
  let changes = 0;
  const count = (): void => void changes++;
  sharp.queue.on("change", count);
  const decode = pictureDecoder(look, limiter(3));
  await Promise.all(Array.from({ length: 32 }, () => decode("x", () => bytes)));
  sharp.queue.off("change", count);
  // A beginning and an end each.
  expect(changes).toBe(4);
});

it.each(Object.entries(kinds))(
  "tells by the header whether a picture is plain: %s",
  async (_, [plain, make]) => {
    const bytes = await make();
    expect(plainColours(bytes, [8, 6])).toBe(plain);
    expect(plainColours(bytes, [6, 8])).toBeUndefined();
    // No part of it makes the reader read on.
    for (let end = 0; end < bytes.length; end++) plainColours(bytes.slice(0, end), [8, 6]);
  },
);

it("a damaged picture among small ones is named, and the others are read", async () => {
  const good = await pixels(3).jpeg().toBuffer();
  const cut = good.subarray(0, good.length - 40);
  expect(plainColours(cut, [8, 6])).toBe(3);
  const path = await folderOf({ "a.jpg": good, "b.jpg": good, "c.jpg": good });
  await writeFile(join(path, "b.jpg"), cut);
  const set = await openDataset(path, { size: [8, 6] });
  const [one, bad, three] = await Promise.all(
    [0, 1, 2].map(async (i) => Promise.resolve(set.image(i)).catch((error: unknown) => error)),
  );
  expect((one as DatasetImage).pixels).toHaveLength(144);
  expect(three).toEqual(one);
  expect(isDdpmError(bad)).toBe(true);
  expect((bad as Error).message).toMatch(/b\.jpg: does not decode/);
});

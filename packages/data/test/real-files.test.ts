import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import type { Dataset } from "@ddpm/core";
import { asyncBufferFromFile, parquetReadObjects } from "hyparquet";
import { compressors } from "hyparquet-compressors";
import sharp from "sharp";
import { pack } from "tar-stream";
import { afterAll, describe, expect, it } from "vitest";
import { imageStream } from "../src/index.ts";
import { dataWorkers, openDataset } from "../src/node/index.ts";
import { folderOf } from "./temporary-folder.ts";
import { zipBytes } from "./zip-bytes.ts";

/** Folder of published data sets, if there is one: see docs/data.md for what it may hold. */
const sets = process.env.DDPM_DATASETS ?? "";
const has = (...path: string[]) => sets !== "" && existsSync(join(sets, ...path));
const workers = dataWorkers({ count: 2 });
afterAll(() => workers.close());

/** Images 0 … count − 1 as the stream gives them, back in bytes. */
async function firstBytes(set: Dataset, count: number): Promise<Uint8Array> {
  const stream = imageStream(set, { seed: 0, shuffle: false, flip: false, workers });
  const { data } = await stream.read(0, count);
  return Uint8Array.from(data, (value) => Math.round((value + 1) * 127.5));
}
const joined = (parts: readonly Uint8Array[]) => Uint8Array.from(Buffer.concat(parts));

describe.skipIf(!has("fashion-mnist"))("Fashion-MNIST's own files", () => {
  it.each([
    ["train", "train", 60000],
    ["test", "t10k", 10000],
  ])("give the bytes after the header, %s", async (split, stem, length) => {
    const unpack = (kind: string) =>
      gunzipSync(readFileSync(join(sets, "fashion-mnist", `${stem}-${kind}-ubyte.gz`)));
    const [images, labels] = [unpack("images-idx3"), unpack("labels-idx1")];
    const set = await openDataset(join(sets, "fashion-mnist"), { split });
    expect([set.length, set.shape, set.classes![9]]).toEqual([length, [28, 28, 1], "Ankle boot"]);
    expect(Buffer.compare(await firstBytes(set, 256), images.subarray(16, 16 + 256 * 784))).toBe(0);
    expect(Buffer.compare(Uint8Array.from(set.labels!), labels.subarray(8))).toBe(0);
  });
});

describe.skipIf(!has("cifar-10-batches-bin", "test_batch.bin"))("CIFAR-10's binary version", () => {
  it("gives three planes as pixels, and the first byte as label", async () => {
    const folder = join(sets, "cifar-10-batches-bin");
    const bytes = readFileSync(join(folder, "test_batch.bin"));
    const set = await openDataset(folder, { split: "test" });
    const expected = new Uint8Array(256 * 3072);
    for (let n = 0, to = 0; n < 256; n++)
      for (let y = 0; y < 32; y++)
        for (let x = 0; x < 32; x++)
          for (let c = 0; c < 3; c++) expected[to++] = bytes[n * 3073 + 1 + c * 1024 + y * 32 + x]!;
    expect(Buffer.compare(await firstBytes(set, 256), expected)).toBe(0);
    expect(Array.from(set.labels!)).toEqual(Array.from({ length: 10000 }, (_, n) => bytes[n * 3073]));
    const ships = await openDataset(folder, { split: "test", classes: ["ship"] });
    expect(ships.length).toBe(1000);
  });
});

/** What libjpeg gives, in red, green and blue whatever it holds. */
const decoded = async (file: string) =>
  new Uint8Array(await sharp(readFileSync(file)).toColourspace("srgb").raw().toBuffer());

describe.skipIf(!has("tiny-imagenet-subset"))("Tiny ImageNet's own layout", () => {
  const folder = join(sets, "tiny-imagenet-subset");
  const wnids = () => readFileSync(join(folder, "wnids.txt"), "utf8").trim().split("\n");

  it("gives training pictures by class, grey ones too", async () => {
    const files = wnids()
      .toSorted()
      .flatMap((wnid) =>
        readdirSync(join(folder, "train", wnid, "images"))
          .sort()
          .map((name) => ({ wnid, file: join(folder, "train", wnid, "images", name) })),
      );
    const set = await openDataset(folder, { workers });
    expect([set.length, set.shape]).toEqual([files.length, [64, 64, 3]]);
    const expected = joined(await Promise.all(files.map(({ file }) => decoded(file))));
    expect(Buffer.compare(await firstBytes(set, files.length), expected)).toBe(0);
    expect(Array.from(set.labels!)).toEqual(files.map(({ wnid }) => wnids().indexOf(wnid)));
  });

  it("gives validation pictures their classes by the annotations", async () => {
    const lines = readFileSync(join(folder, "val", "val_annotations.txt"), "utf8")
      .trim()
      .split("\n");
    const known = new Map(lines.map((line) => line.split("\t", 2) as [string, string]));
    const names = readdirSync(join(folder, "val", "images")).sort();
    const set = await openDataset(folder, { split: "val", workers });
    expect(Array.from(set.labels!)).toEqual(names.map((name) => wnids().indexOf(known.get(name)!)));
    const some = names.slice(0, 64).map((name) => decoded(join(folder, "val", "images", name)));
    expect(Buffer.compare(await firstBytes(set, 64), joined(await Promise.all(some)))).toBe(0);
  });

  it("is the same as an image folder, a ZIP, a TAR and WebDataset shards of the same files", async () => {
    const files = wnids().flatMap((wnid) =>
      readdirSync(join(folder, "train", wnid, "images"))
        .sort()
        .slice(0, 4)
        .map(
          (name) => [`${wnid}/${name}`, readFileSync(join(folder, "train", wnid, "images", name))] as const,
        ),
    );
    const tarOf = async (entries: readonly (readonly [string, Uint8Array])[]) => {
      const tar = pack();
      for (const [name, bytes] of entries) tar.entry({ name }, Buffer.from(bytes));
      tar.finalize();
      const chunks: Uint8Array[] = [];
      for await (const chunk of tar) chunks.push(chunk as Uint8Array);
      return Uint8Array.from(Buffer.concat(chunks));
    };
    const labelled = files.flatMap(([name, bytes], i) => [
      [name, bytes] as const,
      [name.replace(".JPEG", ".cls"), Buffer.from(String(Math.floor(i / 4)))] as const,
    ]);
    const path = await folderOf({
      "x.zip": zipBytes(Object.fromEntries(files)),
      "x.tar": await tarOf(files),
      "w.tar": await tarOf(labelled),
      ...Object.fromEntries(files.map(([name, bytes]) => [`x/${name}`, bytes])),
    });
    const expected = joined(await Promise.all(files.map(([name]) => decoded(join(path, "x", name)))));
    for (const name of ["x", "x.zip", "x.tar", "w.tar"]) {
      const set = await openDataset(join(path, name), { workers });
      expect(Array.from(set.labels!)).toEqual(files.map((_, i) => Math.floor(i / 4)));
      expect(Buffer.compare(await firstBytes(set, files.length), expected)).toBe(0);
    }
  });
});

describe.skipIf(!has("parquet"))("Hugging Face's Parquet", () => {
  it.each([
    ["mnist-test", [28, 28, 3]],
    ["cat-faces-images-only", [256, 256, 3]],
  ])("%s gives what another reader of Parquet finds", async (name, shape) => {
    const path = join(sets, "parquet", `${name}.parquet`);
    const file = await asyncBufferFromFile(path);
    const rows = await parquetReadObjects({ file, compressors, utf8: false, rowEnd: 64 });
    const set = await openDataset(path, { workers });
    expect(set.shape).toEqual(shape);
    for (const [i, { image }] of rows.entries())
      expect(Buffer.compare(await set.encoded!.bytes(i), image.bytes)).toBe(0);
    const some = rows
      .slice(0, 8)
      .map(({ image }) => sharp(image.bytes).toColourspace("srgb").raw().toBuffer());
    expect(Buffer.compare(await firstBytes(set, 8), joined(await Promise.all(some)))).toBe(0);
    if (set.labels)
      expect(Array.from(set.labels).slice(0, 64)).toEqual(rows.map(({ label }) => Number(label)));
  });
});

describe.skipIf(!has("cars"))("a folder of photographs of all sizes", () => {
  it("gives what the codec's own resizing gives, for those that shrink", async () => {
    const names = readdirSync(join(sets, "cars")).sort().slice(0, 48);
    const set = await openDataset(join(sets, "cars"), { size: 64, workers });
    let compared = 0;
    for (const [i, name] of names.entries()) {
      const picture = sharp(join(sets, "cars", name));
      const { width, height } = await picture.metadata();
      if (Math.min(width, height) < 64) continue;
      const expected = await picture.resize(64, 64, { fit: "cover" }).toColourspace("srgb").raw().toBuffer();
      expect(Buffer.compare(Uint8Array.from((await set.image(i)).pixels), expected), name).toBe(0);
      compared++;
    }
    expect(compared).toBeGreaterThan(40);
  });
});

describe("pictures of 23 and of 4,000 pixels, grey and coloured, in one folder", () => {
  it("come out alike, and as the codec alone gives them", async () => {
    const picture = (width: number, height: number, grey: boolean) => {
      const raw = Uint8Array.from({ length: width * height * 3 }, (_, i) => {
        const [x, y] = [Math.floor(i / 3) % width, Math.floor(i / 3 / width)];
        return (255 * ((i % 3 === 0 ? x : y) % 64)) / 64;
      });
      const made = sharp(raw, { raw: { width, height, channels: 3 } });
      return (grey ? made.greyscale() : made).jpeg().toBuffer();
    };
    const path = await folderOf({
      "a.jpg": await picture(23, 31, false),
      "b.jpg": await picture(4000, 900, false),
      "c.jpg": await picture(31, 23, true),
      "d.jpg": await picture(900, 4000, true),
    });
    const set = await openDataset(path, { size: 20, workers });
    const expected = await Promise.all(
      ["a", "b", "c", "d"].map((name) =>
        sharp(join(path, `${name}.jpg`))
          .resize(20, 20, { fit: "cover" })
          .toColourspace("srgb")
          .raw()
          .toBuffer(),
      ),
    );
    expect(Buffer.compare(await firstBytes(set, 4), joined(expected))).toBe(0);
  });
});

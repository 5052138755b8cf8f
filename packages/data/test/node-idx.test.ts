import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { plugin } from "@ddpm/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DataFormat } from "../src/authoring.ts";
import { formats, images, openDataset } from "../src/node/index.ts";
import { idxBytes, ramp } from "./idx-bytes.ts";

let root = "";
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "data-idx-"));
});
afterAll(() => rm(root, { recursive: true }));

const files = (zip: boolean): Record<string, Uint8Array> => {
  const end = zip ? ".gz" : "";
  const pack = (bytes: Uint8Array) => (zip ? gzipSync(bytes) : bytes);
  return {
    [`train-images-idx3-ubyte${end}`]: pack(idxBytes([3, 4, 4], ramp(48))),
    [`train-labels-idx1-ubyte${end}`]: pack(idxBytes([3], [7, 0, 9])),
    [`t10k-images-idx3-ubyte${end}`]: pack(idxBytes([2, 4, 4], ramp(32))),
    [`t10k-labels-idx1-ubyte${end}`]: pack(idxBytes([2], [1, 2])),
  };
};

async function folder(name: string, content: Record<string, Uint8Array>): Promise<string> {
  const path = join(await mkdtemp(join(root, "at-")), name);
  await mkdir(path, { recursive: true });
  for (const [file, bytes] of Object.entries(content)) await writeFile(join(path, file), bytes);
  return path;
}

describe("a folder of IDX files", () => {
  it.each([true, false])("opens as published, gzipped: %s", async (zip) => {
    const path = await folder("fashion-mnist", files(zip));
    const train = await openDataset(path);
    expect(train).toMatchObject({
      name: "fashion-mnist",
      length: 3,
      shape: [4, 4, 1],
      flippable: true,
      path,
    });
    expect(await train.image(2)).toEqual({ pixels: ramp(48).slice(32), label: 9 });
    expect(train.classes?.[9]).toBe("Ankle boot");
    const test = await openDataset(path, { split: "test" });
    expect([test.length, (await test.image(0)).label]).toEqual([2, 1]);
    expect(test.fingerprint).not.toBe(train.fingerprint);
  });

  it("has one fingerprint, gzipped or not", async () => {
    const [plain, zipped] = [await folder("mnist", files(false)), await folder("mnist", files(true))];
    expect((await openDataset(plain)).fingerprint).toBe((await openDataset(zipped)).fingerprint);
  });

  it("is called by the option, the folder, or the folder above torchvision's raw", async () => {
    expect(await openDataset(await folder("MNIST/raw", files(true)))).toMatchObject({
      name: "MNIST",
      flippable: false,
    });
    expect(await openDataset(await folder("things", files(true)))).toMatchObject({
      name: "things",
      flippable: false,
    });
    const path = await folder("things", files(true));
    expect(await openDataset(path, { set: "fashion" })).toMatchObject({ name: "fashion", flippable: true });
    expect((await openDataset(path)).classes).toHaveLength(10);
    await expect(openDataset(path, { name: "fashion" })).rejects.toThrow(/unknown option "name"/);
  });

  it("opens one file, with the labels next to it", async () => {
    const path = await folder("mnist", files(true));
    const set = await openDataset(join(path, "t10k-images-idx3-ubyte.gz"), { size: 8 });
    expect(set).toMatchObject({ name: "mnist", length: 2, shape: [8, 8, 1] });
    expect((await set.image(1)).label).toBe(2);
    const alone = await folder("x", { "pictures.bin": idxBytes([2, 4, 4], ramp(32)) });
    await expect(openDataset(join(alone, "pictures.bin"))).rejects.toThrow(/Set labels to false/);
    const unlabelled = await openDataset(join(alone, "pictures.bin"), { labels: false });
    expect([unlabelled.length, unlabelled.classes]).toEqual([2, undefined]);
  });

  it("names the file that is missing or broken", async () => {
    const { "train-labels-idx1-ubyte.gz": _, ...rest } = files(true);
    await expect(openDataset(await folder("mnist", rest))).rejects.toThrow(
      /has no train-labels-idx1-ubyte, with or without \.gz, for the images in train-images-idx3-ubyte\.gz\. Set labels to false/,
    );
    const trainOnly = await folder("mnist", { "train-images-idx3-ubyte": ramp(3) });
    await expect(openDataset(trainOnly, { split: "test" })).rejects.toThrow(/has no t10k-images-idx3-ubyte/);
    const cut = files(true);
    cut["train-images-idx3-ubyte.gz"] = cut["train-images-idx3-ubyte.gz"]!.subarray(0, 30);
    await expect(openDataset(await folder("mnist", cut))).rejects.toThrow(
      /train-images-idx3-ubyte\.gz: does not unpack/,
    );
    const swapped = files(false);
    swapped["train-labels-idx1-ubyte"] = swapped["t10k-labels-idx1-ubyte"]!;
    await expect(openDataset(await folder("mnist", swapped))).rejects.toThrow(
      /labels of shape \[2\] for 3 images/,
    );
  });
});

it("a custom format is one more plugin", async () => {
  const text = plugin({
    name: "text",
    about: "a file of digits",
    source: "this test",
    options: {},
    create: (): DataFormat => ({
      recognises: ({ path }) => path.endsWith(".digits"),
      read: async () => ({
        set: {
          name: "digits",
          length: 1,
          shape: [1, 1, 1] as const,
          fingerprint: "d",
          image: () => ({ pixels: Uint8Array.of(1) }),
        },
      }),
    }),
  });
  const path = join(await folder("x", { "a.digits": ramp(1) }), "a.digits");
  await expect(openDataset(path)).rejects.toThrow(/a file ending in \.digits/);
  expect(await openDataset(path, { formats: formats.with(text) })).toMatchObject({ name: "digits" });
  expect(formats.names).not.toContain("text");
  expect(images.schema.shape).toHaveProperty("size");
});

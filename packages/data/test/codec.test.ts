import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it, vi } from "vitest";
import { shapes } from "../src/index.ts";
import { checkDataset, openDataset } from "../src/node/index.ts";
import { idxBytes, ramp } from "./idx-bytes.ts";

vi.mock("sharp", () => {
  throw new Error('Could not load the "sharp" module\n/x/libvips-cpp.so.8: invalid ELF header');
});

const made: string[] = [];
afterAll(() => Promise.all(made.map((path) => rm(path, { recursive: true }))));

async function folderOf(files: Readonly<Record<string, Uint8Array>>): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "data-codec-"));
  made.push(path);
  for (const [name, bytes] of Object.entries(files)) await writeFile(join(path, name), bytes);
  return path;
}

const PNG = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

it("a codec library that does not load is named as such, never as a broken picture", async () => {
  const path = await folderOf({ "a.png": PNG, "b.png": PNG });
  const message = /codec library sharp \(libvips\), which decodes pictures, does not load.*npm install sharp/;
  await expect(openDataset(path)).rejects.toThrow(message);
  await expect(openDataset(path, { skipBad: true, size: 2 })).rejects.toThrow(message);
  await expect(checkDataset(path)).rejects.toThrow(message);
});

it("what decodes no pictures works without the codec library", async () => {
  expect((await shapes({ size: 16 }).image(0)).pixels).toHaveLength(768);
  const path = await folderOf({
    "train-images-idx3-ubyte": idxBytes([3, 2, 2], ramp(12)),
    "train-labels-idx1-ubyte": idxBytes([3], [7, 2, 1]),
  });
  expect((await openDataset(path)).length).toBe(3);
});

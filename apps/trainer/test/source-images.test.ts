import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { imageStream } from "@ddpm/data";
import { openDataset } from "@ddpm/data/node";
import { inpainting } from "@ddpm/diffusion";
import sharp from "sharp";
import { expect, test } from "vitest";
import { openConditions } from "../src/drawing/condition-images.ts";
import { sourceImages } from "../src/drawing/source-images.ts";
import { temporaryFolder } from "./support/command.ts";

test.each([1, 3] as const)(
  "pictures to work on are those that training sees, with %i channels, turned upright",
  async (channels) => {
    const folder = temporaryFolder();
    const pixels = Uint8Array.from({ length: 12 * 8 * 3 }, (_, i) => (i * 37) % 256);
    const sideways = await sharp(pixels, { raw: { width: 12, height: 8, channels: 3 } })
      .withMetadata({ orientation: 6 })
      .png()
      .toBuffer();
    writeFileSync(join(folder, "sideways.png"), sideways);
    const set = await openDataset(folder, { size: [12, 8], channels });
    const { data: seen } = await imageStream(set, { seed: 0, flip: false }).read(0, 1);
    const shape = [12, 8, channels] as const;
    const data = { source: "elsewhere", range: "symmetric" } as const;
    const { images } = await sourceImages(folder, { data, shape, count: 1 });
    expect([...images.data]).toEqual([...seen]);

    let received: ArrayLike<number> = [];
    const condition = {
      name: "what was received",
      channels: () => channels,
      make: ({ image }: { image: Float32Array }) => {
        received = image;
        return image;
      },
    };
    const options = { condition, shape, data, seed: 0, count: 1 } as const;
    await openConditions(join(folder, "sideways.png"), options);
    expect(Array.from(received)).toEqual([...seen]);
  },
);

test.each([
  ["a folder of pictures", ""],
  ["a set of images", "class"],
])("of %s no more is read than there are samples conditioned on it", async (_, inner) => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, inner), { recursive: true });
  const grey = sharp({ create: { width: 4, height: 4, channels: 3, background: "#808080" } });
  for (const name of ["0.png", "1.png"])
    writeFileSync(join(folder, inner, name), await grey.png().toBuffer());
  writeFileSync(join(folder, inner, "2.png"), "no picture");
  const shape = [4, 4, 3] as const;
  const open = (count: number) =>
    openConditions(folder, {
      ...{ condition: inpainting(), shape, seed: 0, count },
      data: { source: "elsewhere", range: "unit" },
    });
  expect((await open(2))(0, 2).shape).toEqual([2, 4, 4, 4]);
  await expect(open(3)).rejects.toThrow(/2\.png.*does not decode/);
});

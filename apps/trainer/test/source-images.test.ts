import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { imageStream } from "@ddpm/data";
import { openDataset } from "@ddpm/data/node";
import sharp from "sharp";
import { expect, test } from "vitest";
import { openConditions } from "../src/run/offers.ts";
import { sourceImages } from "../src/run/source-images.ts";
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
    const { data } = await sourceImages(folder, { shape, range: "symmetric", count: 1 });
    expect([...data]).toEqual([...seen]);

    let offered: ArrayLike<number> = [];
    const condition = {
      name: "what was offered",
      channels: () => channels,
      make: ({ image }: { image: Float32Array }) => {
        offered = image;
        return image;
      },
    };
    await openConditions(join(folder, "sideways.png"), { condition, shape, range: "symmetric", seed: 0 });
    expect(Array.from(offered)).toEqual([...seen]);
  },
);

import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { random } from "@ddpm/core";
import { decode } from "fast-png";
import sharp from "sharp";
import { beforeAll, describe, expect, test } from "vitest";
import { temporaryFolder } from "./support/command.ts";
import { ddpmHere } from "./support/command-here.ts";
import { trainHere } from "./support/train-here.ts";

const IMAGES = 2_400;
const COUNT = 40;
const SIZE = 8;
/** The hues of the classes, as parts of red, green and blue that add up to nothing. */
const HUES = { amber: [1, 1, -2], azure: [-2, 1, 1], green: [-1, 2, -1], pink: [1, -2, 1] } as const;
const names = Object.keys(HUES) as (keyof typeof HUES)[];

const configOf = (source: string) => ({
  name: "spots",
  data: { source },
  denoiser: {
    name: "ho",
    width: 16,
    multipliers: [1],
    blocks: 1,
    attention: [],
    groupSize: 8,
    dropout: 0,
    classes: names.length,
  },
  schedule: { name: "cosine", steps: 1000 },
  parameterization: "v",
  train: {
    images: IMAGES,
    batch: 16,
    learningRate: { name: "cosine", rate: 2e-3, warmup: 20 },
    labelDropout: 0.1,
  },
  sample: { steps: 2, count: 1, strip: 1, stages: 2 },
  every: { log: 800, samples: IMAGES, checkpoint: IMAGES },
});

/** A spot of a class's hue on grey, anywhere, of any brightness, and with grain. */
async function writeSpots(folder: string, perClass: number): Promise<void> {
  const { uniform, normal } = random(4);
  for (const name of names) {
    mkdirSync(join(folder, name), { recursive: true });
    for (let i = 0; i < perClass; i++) {
      const [ground, colour] = [90 + 70 * uniform(), 20 + 20 * uniform()];
      const [x, y] = [2 + 3 * uniform(), 2 + 3 * uniform()];
      const pixels = Uint8ClampedArray.from({ length: 3 * SIZE * SIZE }, (_, at) => {
        const pixel = Math.floor(at / 3);
        const distance = Math.hypot((pixel % SIZE) - x, Math.floor(pixel / SIZE) - y);
        return ground + (distance < 2.5 ? colour * HUES[name][at % 3]! : 0) + 4 * normal();
      });
      const raw = { width: SIZE, height: SIZE, channels: 3 } as const;
      await sharp(pixels, { raw })
        .png()
        .toFile(join(folder, name, `${i}.png`));
    }
  }
}

/** The class whose hue an image has in the mean: nothing that the network has a part in. */
function classify(path: string): keyof typeof HUES {
  const { data } = decode(readFileSync(path));
  const sums = [0, 0, 0];
  for (const [at, value] of data.entries()) sums[at % 3]! += value;
  const likeness = (name: keyof typeof HUES): number =>
    HUES[name].reduce((sum, part, c) => sum + part * sums[c]!, 0) / Math.hypot(...HUES[name]);
  return names.toSorted((a, b) => likeness(b) - likeness(a))[0]!;
}

describe("a network trained on spots of four hues, which the mean colour classifies", () => {
  const folder = temporaryFolder();
  const run = join(folder, "run");
  const pictures = join(folder, "pictures");

  beforeAll(async () => {
    await writeSpots(pictures, 60);
    const { events } = await trainHere(configOf(pictures), run);
    expect(events.at(-1)).toMatchObject({ event: "done", images: IMAGES });
  });

  /** Of `COUNT` samples of each class, the share that has its hue. */
  async function shareRight(name: string, ...words: readonly string[]): Promise<number> {
    let right = 0;
    for (const label of names) {
      const out = join(folder, name, label);
      const drawn = await ddpmHere(
        ...["sample", run, "--label", label, "--count", `${COUNT}`, "--steps", "20", ...words],
        ...["--backend", "wasm", "--out", out, "--json"],
      );
      expect(drawn.events.at(-1)).toMatchObject({ event: "done", count: COUNT });
      for (let i = 0; i < COUNT; i++)
        if (classify(join(out, `${String(i).padStart(2, "0")}.png`)) === label) right++;
    }
    return right / (names.length * COUNT);
  }

  test("the mean colour of every image of the set is that of its class", () => {
    for (const name of names)
      for (let i = 0; i < 60; i++) expect(classify(join(pictures, name, `${i}.png`))).toBe(name);
  });

  test("at least 80 % of the samples with a label have its hue, where chance is 25 %; with guidance 95 %", async () => {
    const plain = await shareRight("plain");
    const guided = await shareRight("guided", "--guidance", "3");
    expect(plain).toBeGreaterThanOrEqual(0.8);
    expect(guided).toBeGreaterThanOrEqual(0.95);
  });

  test.each([
    [["--label", "4"], /no class "4", expected one of amber; .*, or a number from 0 to 3/],
    [["--guidance", "3"], /give --label, too/],
  ])("sampling with %j is refused", async (words, message) => {
    const { code, stderr } = await ddpmHere("sample", run, ...words);
    expect(stderr).toMatch(message);
    expect(code).toBe(2);
  });
});

import { mkdirSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { random } from "@ddpm/core";
import { png } from "@ddpm/viz/images";
import sharp from "sharp";
import { expect, test } from "vitest";
import { temporaryFolder } from "./support/command.ts";
import { ddpmHere } from "./support/command-here.ts";

const SIDE = 8;
const COLOURS = { red: [230, 40, 40], blue: [40, 60, 230] } as const;
/** The corner of a square of four by four pixels: column, row. */
const PLACES = {
  "top left": [0, 0],
  "top right": [4, 0],
  "bottom left": [0, 4],
  "bottom right": [4, 4],
} as const;
type Colour = keyof typeof COLOURS;
type Place = keyof typeof PLACES;
const colours = Object.keys(COLOURS) as Colour[];
const places = Object.keys(PLACES) as Place[];
const captionOf = (colour: Colour, place: Place): string => `a ${colour} square at the ${place}`;
const captions = colours.flatMap((colour) => places.map((place) => captionOf(colour, place)));

/** A square in one of four corners, on a ground of a grey of its own. */
function drawn(colour: Colour, place: Place, grey: number): Uint8Array {
  const [left, top] = PLACES[place];
  return Uint8Array.from({ length: SIDE * SIDE * 3 }, (_, i) => {
    const [x, y] = [Math.floor(i / 3) % SIDE, Math.floor(i / 3 / SIDE)];
    const inside = x >= left && x < left + 4 && y >= top && y < top + 4;
    return inside ? COLOURS[colour][i % 3]! : grey;
  });
}

/** The caption of the image that is nearest. */
function captionFor(pixels: Uint8Array): string {
  const distance = ([colour, place]: readonly [Colour, Place]): number =>
    drawn(colour, place, 225).reduce((sum, value, i) => sum + (value - pixels[i]!) ** 2, 0);
  const all = colours.flatMap((colour) => places.map((place) => [colour, place] as const));
  return captionOf(...all.toSorted((a, b) => distance(a) - distance(b))[0]!);
}

test("a short training on captioned pictures draws the colour and the place that a prompt says, and others for another prompt", async () => {
  const folder = temporaryFolder();
  const pictures = join(folder, "pictures");
  mkdirSync(pictures);
  const { integer } = random(4);
  for (let k = 0; k < 64; k++) {
    const [colour, place] = [colours[k % 2]!, places[(k >> 1) % 4]!];
    const data = drawn(colour, place, 210 + integer(30));
    writeFileSync(
      join(pictures, `${k}.png`),
      png({ data: Uint8ClampedArray.from(data), width: SIDE, height: SIDE, channels: 3 }),
    );
    writeFileSync(join(pictures, `${k}.txt`), captionOf(colour, place));
  }
  const run = join(folder, "run");
  const settings = [
    ...["data.captions=true", "data.size=8", "data.flip=false", "text.tokenizer=words"],
    ...["denoiser.width=16", "denoiser.multipliers=[1,2]", "denoiser.attention=[1]", "denoiser.heads=2"],
    ...["denoiser.groups=4", "denoiser.context=32", "denoiser.vector=32"],
    'text.model={"name":"transformer","width":32,"layers":1,"heads":2}',
    ...[
      "parameterization=x0",
      "train.batch=16",
      "train.learningRate=0.003",
      "sample.steps=2",
      "sample.count=4",
    ],
    ...["every.samples=3200", "every.checkpoint=3200", "every.log=2000"],
  ];
  const trained = await ddpmHere(
    ...["train", "captions", "--data", pictures, "--images", "3200", "--out", run, "--set", ...settings],
  );
  expect(trained.code, trained.stderr).toBe(0);

  let [right, shifted] = [0, 0];
  for (const [k, caption] of captions.entries()) {
    const out = join(folder, `drawn-${k}`);
    const words = ["--prompt", caption, "--count", "4", "--steps", "8", "--out", out];
    expect((await ddpmHere("sample", run, ...words)).code).toBe(0);
    for (let i = 0; i < 4; i++) {
      const { data } = await sharp(await readFile(join(out, `${i}.png`)))
        .removeAlpha()
        .raw()
        .toBuffer({ resolveWithObject: true });
      const found = captionFor(data);
      if (found === caption) right++;
      if (found === captions[(k + 1) % captions.length]) shifted++;
    }
  }
  expect(right).toBeGreaterThanOrEqual(26);
  expect(shifted).toBeLessThanOrEqual(4);
}, 120_000);

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { shapes } from "@ddpm/data";
import { decode } from "fast-png";
import { beforeAll, describe, expect, test } from "vitest";
import { ddpm, temporaryFolder } from "./support/command.ts";
import { type Classifier, outlineClassifier, type Picture } from "./support/outline-classifier.ts";

const IMAGES = 8_000;
const CLASSES = 6;
const COUNT = 20;
const SIZE = 16;

/** 280,000 parameters that learn six classes in a minute of one core: many small updates, for each image costs the same. */
const config = {
  name: "classes",
  data: { source: "shapes", size: SIZE, count: 60_000, colours: "any" },
  denoiser: {
    name: "ho",
    width: 16,
    multipliers: [1, 2, 2],
    blocks: 1,
    attention: [2],
    dropout: 0,
    classes: CLASSES,
  },
  schedule: { name: "cosine", steps: 1000 },
  parameterization: "v",
  train: {
    images: IMAGES,
    batch: 8,
    learningRate: { name: "cosine", rate: 2e-3, warmup: 100 },
    labelDropout: 0.1,
  },
  every: { log: 1600, samples: IMAGES, checkpoint: IMAGES },
};

describe("six classes of shapes in any colour, classified by their outlines independently of the network", () => {
  const folder = temporaryFolder();
  const run = join(folder, "run");
  let classify: Classifier;

  beforeAll(async () => {
    classify = outlineClassifier(SIZE);
    writeFileSync(join(folder, "classes.json"), JSON.stringify(config));
    const trained = await ddpm(
      ...[
        "train",
        join(folder, "classes.json"),
        "--backend",
        "onnx",
        "--threads",
        "1",
        "--out",
        run,
        "--json",
      ],
    );
    expect(trained.events.at(-1)).toMatchObject({ event: "done", images: IMAGES });
  }, 1_800_000);

  test("the classifier is right about at least 99 % of 300 new shapes", () => {
    const held = shapes({ size: SIZE, count: 300, seed: 7, colours: "any" });
    let right = 0;
    for (let i = 0; i < held.length; i++) {
      const { pixels: data, label } = held.image(i) as { pixels: Uint8ClampedArray; label: number };
      if (classify({ data, width: SIZE, height: SIZE, channels: 3 }) === label) right++;
    }
    expect(right / held.length).toBeGreaterThanOrEqual(0.99);
  });

  test("with guidance, at least 70 % of the samples are of the requested class, where chance is 17 %", async () => {
    let right = 0;
    for (let label = 0; label < CLASSES; label++) {
      const out = join(folder, `${label}`);
      const drawn = await ddpm(
        ...["sample", run, "--label", `${label}`, "--guidance", "3", "--count", `${COUNT}`, "--steps", "25"],
        ...["--backend", "onnx", "--threads", "1", "--out", out, "--json"],
      );
      expect(drawn.events.at(-1)).toMatchObject({ event: "done", count: COUNT });
      for (let i = 0; i < COUNT; i++) {
        const picture = decode(readFileSync(join(out, `${String(i).padStart(2, "0")}.png`))) as Picture;
        if (classify(picture) === label) right++;
      }
    }
    expect(right / (CLASSES * COUNT)).toBeGreaterThanOrEqual(0.7);
  }, 600_000);

  test.each([
    [["--label", "6"], /no class "6", expected one of disc; .*, or a number from 0 to 5/],
    [["--guidance", "3"], /give --label, too/],
  ])("sampling with %j is refused", async (words, message) => {
    const { code, stderr } = await ddpm("sample", run, ...words);
    expect(stderr).toMatch(message);
    expect(code).toBe(2);
  });
});

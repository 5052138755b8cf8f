import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseRun, presets, type RunConfig } from "@ddpm/runs";
import { fitToImages, stagesOf } from "@ddpm/runs/authoring";
import { schedules } from "@ddpm/schedules";
import { learningRates } from "@ddpm/trainer";
import { denoisers, describe as described } from "@ddpm/unet";
import { beforeAll, describe, expect, test } from "vitest";
import { buildRun } from "../src/run/build.ts";
import { temporaryFolder } from "./support/command.ts";
import { writeTinySets } from "./support/tiny-sets.ts";
import { trainHere } from "./support/train-here.ts";

type Shape = readonly [height: number, width: number, channels: number];

const docs = fileURLToPath(new URL("../../../docs/presets/", import.meta.url));
const grey: Shape = [28, 28, 1];
const cifar: Shape = [32, 32, 3];
const digits: Shape = [32, 32, 1];
const large: Shape = [64, 64, 3];

/** Of each published run: page, image, trained and all parameters as published, images in an epoch, epochs. */
const published: readonly (readonly [string, string, Shape, number, number, number])[] = [
  ["cars-faithful", "cars", large, 54_563_779, 16_185, 300],
  ["cars-corrected", "cars", large, 54_563_779, 16_185, 300],
  ["cars-small-faithful", "cars", large, 9_139_651, 16_185, 10],
  ["cars-small-corrected", "cars", large, 9_139_651, 16_185, 10],
  ["cifar-faithful", "cifar", cifar, 33_190_320, 50_000, 15],
  ["cifar-corrected", "cifar", cifar, 33_188_835, 50_000, 15],
  ["mnist-nano-faithful", "mnist-nano", digits, 537_532, 60_000, 50],
  ["mnist-nano-corrected", "mnist-nano", digits, 537_532, 60_000, 50],
  ["fashion-annotated-faithful", "fashion-annotated", grey, 1_694_929, 60_000, 20],
  ["fashion-annotated-corrected", "fashion-annotated", grey, 1_756_109, 60_000, 20],
  ["fashion-annotated-convnext-faithful", "fashion-annotated", grey, 2_996_315, 60_000, 20],
  ["fashion-annotated-convnext-corrected", "fashion-annotated", grey, 3_100_363, 60_000, 20],
  ["fashion-annotated-l1-faithful", "fashion-annotated", grey, 1_694_929, 60_000, 20],
  ["fashion-annotated-l1-corrected", "fashion-annotated", grey, 1_756_109, 60_000, 20],
  ["fashion-annotated-l2-faithful", "fashion-annotated", grey, 1_694_929, 60_000, 20],
  ["fashion-annotated-l2-corrected", "fashion-annotated", grey, 1_756_109, 60_000, 20],
  ["fashion-annotated-cosine-faithful", "fashion-annotated", grey, 1_694_929, 60_000, 20],
  ["fashion-annotated-cosine-corrected", "fashion-annotated", grey, 1_756_109, 60_000, 20],
  ["fashion-annotated-cosine-text-faithful", "fashion-annotated", grey, 1_694_929, 60_000, 20],
  ["hf-annotated-v2-faithful", "hf-annotated-v2", grey, 2_020_257, 60_000, 6],
  ["hf-annotated-v2-corrected", "hf-annotated-v2", grey, 2_020_257, 60_000, 6],
  ["tiny-imagenet-faithful", "tiny-imagenet", large, 35_714_563, 100_000, 100],
  ["tiny-imagenet-corrected", "tiny-imagenet", large, 35_714_563, 100_000, 100],
  ["tiny-imagenet-repository-faithful", "tiny-imagenet", large, 225_992_893, 100_000, 15],
  ["tiny-imagenet-repository-corrected", "tiny-imagenet", large, 226_479_549, 100_000, 15],
  ["labml-mnist-faithful", "labml", digits, 167_775_681, 60_000, 5],
  ["labml-mnist-corrected", "labml", digits, 16_287_169, 60_000, 5],
  ["labml-celeba-faithful", "labml", cifar, 167_777_987, 202_599, 100],
  ["labml-celeba-corrected", "labml", cifar, 16_289_475, 202_599, 100],
  ["ho-cifar-faithful", "ho-cifar", cifar, 35_746_307, 128, 800_000],
  ["ho-cifar-corrected", "ho-cifar", cifar, 35_746_307, 128, 800_000],
];

/** Made for the toolkit. */
const own = [
  ...["quickstart", "captions", "autoencoder", "latent", "fashion", "fashion-autoencoder", "fashion-latent"],
  ...["flowers-autoencoder", "flowers-latent"],
];

/** The first stage of a preset, with changes. */
function configOf(name: string, settings: readonly string[] = []): RunConfig {
  const preset = presets.create(name);
  return parseRun(stagesOf(preset, settings)[0].description, name);
}

test("every published run is there in both kinds, but for a variant whose correction is another's", () => {
  expect(presets.names).toEqual([...own, ...published.map(([name]) => name)]);
  const faithful = published.flatMap(([name]) => (name.endsWith("-faithful") ? [name] : []));
  const lonely = faithful.filter((name) => !published.some(([other]) => other === twin(name)));
  expect(lonely).toEqual(["fashion-annotated-cosine-text-faithful"]);
});

test.each(published)(
  "%s has the parameters and images of its source, and both are on its page",
  async (name, page, shape, parameters, epoch, epochs) => {
    const config = fitToImages(configOf(name), shape);
    const { denoiser } = await buildRun(config);
    expect(described(denoiser, [shape[0], shape[1]]).total.parameters).toBe(parameters);
    expect(config.train.images).toBe(epoch * epochs);
    const text = readFileSync(join(docs, `${page}.md`), "utf8");
    expect(text).toContain(parameters.toLocaleString("en"));
    expect(text).toContain(`\`${name}\``);
  },
);

test("the index of the pages names every preset", () => {
  const index = readFileSync(join(docs, "README.md"), "utf8");
  expect(presets.names.filter((name) => !index.includes(`\`${name}\``))).toEqual([]);
});

test("of the 33,190,320 numbers of document 001 a gradient trains 33,078,526", async () => {
  const { denoiser } = await buildRun(configOf("cifar-faithful"));
  expect(described(denoiser, [32, 32]).total.trainable).toBe(33_078_526);
});

test.each([
  ["cars-faithful", 0.005626398068],
  ["cars-corrected", 3.778451039e-5],
  ["cifar-faithful", 4.035829765e-5],
  ["fashion-annotated-faithful", 0.002309690764],
  ["fashion-annotated-cosine-faithful", 0.008756476714],
  ["hf-annotated-v2-faithful", 0.04805842894],
])("%s leaves ᾱ = %d of the image at the end of noising", (name, abar) => {
  const { alpha } = schedules.create(configOf(name).schedule as never).at(1);
  expect(alpha ** 2).toBeCloseTo(abar, 11);
});

test.each(published.flatMap(([name]) => (name.endsWith("-corrected") ? [name] : [])))(
  "%s begins to sample where its training ends: in noise",
  (name) => {
    const { alpha } = schedules.create(configOf(name).schedule as never).at(1);
    expect(alpha ** 2).toBeLessThan(1e-4);
  },
);

test("cars learn at the rates of document 000: ten epochs up to 1e-4, and down to a tenth in the last", () => {
  const { train } = configOf("cars-faithful");
  const rate = learningRates.create(train.learningRate as never);
  const at = (epoch: number): number =>
    rate.at({ update: 1, images: epoch * 16_185, epoch: 16_185, until: train.images, batch: train.batch });
  expect([0, 4, 9, 299].map(at)).toEqual([1e-5, 5e-5, 1e-4, 1e-5].map((r) => expect.closeTo(r, 10)));
  expect(at(10)).toBeCloseTo(1e-5 + (9e-5 * (1 + Math.cos(Math.PI / 290))) / 2, 12);
});

describe("on a few images of the right channels, of 32 pixels or 16", () => {
  const folder = temporaryFolder();
  beforeAll(() => writeTinySets(folder));

  /** Networks too large for a test, narrowed, with one block a level; everything else as it is. */
  const narrow: Readonly<Record<string, readonly string[]>> = {
    labml: ["denoiser.nChannels=8", "denoiser.groups=8", "denoiser.headGroups=8", "denoiser.nBlocks=1"],
    dataflowr: ["denoiser.width=4"],
    ho: ["denoiser.width=8", "denoiser.blocks=1"],
    annotated: ["denoiser.dim=6"],
    "annotated-later": ["denoiser.dim=8"],
    nano: [],
  };

  test.each(published)("%s makes two updates and draws", async (name, _page, shape) => {
    const { source } = configOf(name).data;
    const net = denoisers.create(configOf(name).denoiser as never).name;
    const stages = stagesOf(presets.create(name), [
      `data.source=${join(folder, source.replace("data/", ""))}`,
      ...[
        "train.images=4",
        "train.batch=2",
        "sample.steps=1",
        "sample.count=1",
        "sample.strip=1",
        "data.workers=0",
      ],
      ...["every.log=2", "every.samples=4", "every.checkpoint=4"],
      ...(configOf(name).train.accumulate > 1 ? ["train.accumulate=2"] : []),
      ...(configOf(name).heldOut ? ['heldOut={"amount":2,"pairs":2,"buckets":1}'] : []),
      ...narrow[net]!,
      ...(net !== "nano" ? ["data.size=16"] : []),
    ]);
    for (const [i, { description }] of stages.entries()) {
      const out = join(folder, name, String(i));
      const { code, events } = await trainHere(description, out);
      expect(code).toBe(0);
      const losses = events.flatMap(({ event, loss }) => (event === "step" ? [loss as number] : []));
      expect(losses).toHaveLength(2);
      expect(losses.every((loss) => Number.isFinite(loss) && loss > 0)).toBe(true);
      expect(existsSync(join(out, "samples", "final.png"))).toBe(true);
      const { denoiser } = JSON.parse(readFileSync(join(out, "config.json"), "utf8"));
      expect(denoiser.channels).toBe(shape[2]);
    }
  });
});

function twin(name: string): string {
  return name.replace(/-faithful$/, "-corrected");
}

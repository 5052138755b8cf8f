import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { autoencoders } from "@ddpm/autoencoder";
import { random } from "@ddpm/core";
import { autoencoderFamilies, exportWeights } from "@ddpm/exchange";
import { uprightSize } from "@ddpm/runs/node/authoring";
import { writeSafetensors } from "@ddpm/weights";
import { beforeAll, expect, test } from "vitest";
import { temporaryFolder } from "./support/command.ts";
import { ddpmHere } from "./support/command-here.ts";

const folder = temporaryFolder();
const at = (...names: readonly string[]): string => join(folder, ...names);

/** The smallest KL autoencoder: 16 × 16 × 3 to 8 × 8 × 2. */
const network = {
  ...{ name: "kl", blockOutChannels: [4, 4], layersPerBlock: 1, latentChannels: 2, normNumGroups: 2 },
  downBlockTypes: ["DownEncoderBlock2D", "DownEncoderBlock2D"],
  upBlockTypes: ["UpDecoderBlock2D", "UpDecoderBlock2D"],
  midBlockAddAttention: false,
};
const data = ["data.size=16", "data.count=24"];
const small = ["sample.count=2", "every.log=4", "every.samples=8", "every.checkpoint=4", "train.batch=4"];

const ddpm = (verb: string, ...words: readonly string[]) => ddpmHere(verb, ...words, "--backend", "wasm");

const trainAutoencoder = (out: string, images: number, ...more: readonly string[]) =>
  ddpm(
    ...(["train", "autoencoder", "--images", String(images), "--out", at(out)] as const),
    ...[
      "--set",
      ...data,
      ...small,
      `autoencoder.network=${JSON.stringify(network)}`,
      "heldOut.amount=4",
      ...more,
    ],
  );

const latentSettings = [
  ...[...data, ...small, "denoiser.width=4", "denoiser.multipliers=[1]", "denoiser.attention=[]"],
  ...["denoiser.groups=2", "sample.steps=2", "sample.strip=1", "sample.stages=2"],
];

const trainLatent = (out: string, images: number, words: readonly string[], ...set: readonly string[]) =>
  ddpm(
    ...(["train", "latent", "--images", String(images), "--out", at(out), ...words] as const),
    ...["--set", ...latentSettings, ...set],
  );

const weights = (out: string, images = 8): Buffer =>
  readFileSync(at(out, "checkpoints", String(images).padStart(12, "0"), "model.safetensors"));
const own = ["--autoencoder", at("ae")];

beforeAll(async () => {
  const { code, stderr } = await trainAutoencoder("ae", 8);
  expect(code, stderr).toBe(0);
  const latent = await trainLatent("latent", 8, own);
  expect(latent.code, latent.stderr).toBe(0);
}, 120_000);

test("an autoencoder's run shows held-out images, reconstructions and how near they are, and resumes to the same bytes", async () => {
  expect((await trainAutoencoder("ae-parts", 4)).code).toBe(0);
  expect((await trainAutoencoder("ae-parts", 8, "--resume")).code).toBe(0);
  expect(weights("ae-parts").equals(weights("ae"))).toBe(true);
  const rows = readFileSync(at("ae", "log.jsonl"), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  const { psnr, ssim } = rows.find((row) => "psnr" in row);
  expect(psnr).toBeGreaterThan(3);
  expect(Math.abs(ssim)).toBeLessThanOrEqual(1);
  expect(rows.at(-1).latentDeviation).toHaveLength(2);
  const report = readFileSync(at("ae", "report.html"), "utf8");
  for (const words of ["PSNR", "latents, deviation", "Images and reconstructions"])
    expect(report).toContain(words);
});

test("a run in latents resumes to the same bytes, also without the autoencoder's folder, or with the encoded images half there", async () => {
  expect((await trainLatent("parts", 4, own)).code).toBe(0);
  const [key] = readdirSync(at("parts", "latents"));
  const encoded = at("parts", "latents", key!, "000000000.safetensors");
  const before = readFileSync(encoded);
  rmSync(encoded);
  const resumed = await ddpm("train", "--resume", "--images", "8", "--out", at("parts"));
  expect(resumed.code, resumed.stderr).toBe(0);
  expect(readFileSync(encoded).equals(before)).toBe(true);
  expect(weights("parts").equals(weights("latent"))).toBe(true);
});

test("encoded images are read again, and refused where they are of others", async () => {
  const shared = [`latent.cache=${JSON.stringify(at("cache"))}`];
  expect((await trainLatent("first", 4, own, ...shared)).code).toBe(0);
  const [key] = readdirSync(at("cache"));
  const file = at("cache", key!, "000000000.safetensors");
  const bytes = readFileSync(file);
  expect((await trainLatent("second", 4, own, ...shared)).code).toBe(0);
  expect(weights("second", 4).equals(weights("first", 4))).toBe(true);
  const other = await trainLatent("third", 4, ["--classes", "star", ...own], ...shared);
  expect(other.code, other.stderr).toBe(0);
  const another = readdirSync(at("cache")).find((name) => name !== key)!;
  writeFileSync(at("cache", another, "000000000.safetensors"), bytes);
  const { code, stderr } = await trainLatent("fourth", 4, ["--classes", "star", ...own], ...shared);
  expect(code).toBe(2);
  expect(stderr).toContain("is of other images, or of another autoencoder");
  expect(existsSync(at("fourth"))).toBe(false);
});

test("every verb draws images of the images' size", async () => {
  const input = at("input");
  mkdirSync(input);
  copyFileSync(at("latent", "samples", "final.png"), join(input, "grid.png"));
  const sizeOf = (out: string) => uprightSize(readFileSync(at(out, "0.png")), "0.png");
  const words = ["--raw", "--steps", "2"];
  for (const [out, verb, ...more] of [
    ["sampled", "sample", "--count", "1"],
    ["edited", "edit", input, "--strength", "0.5"],
    ["inpainted", "inpaint", input, "--mask", "left"],
    ["encoded", "encode", input],
    ["between", "interpolate", "--count", "1", "--stages", "2"],
  ] as const) {
    const { code, stderr } = await ddpm(verb, at("latent"), ...more, ...words, "--out", at(out));
    expect(code, `${verb}: ${stderr}`).toBe(0);
    expect(await sizeOf(out), verb).toEqual([16, 16]);
  }
  const named = [
    "eval",
    at("latent"),
    "--count",
    "16",
    "--batch",
    "16",
    "--metrics",
    "pixel-mean",
    "--extractor",
    "random",
    ...words,
  ];
  const evaluated = await ddpm(...(named as [string, ...string[]]));
  expect(evaluated.code, evaluated.stderr).toBe(0);
});

test("an autoencoder of diffusers gives latents, with scale and shift as measured or as given", async () => {
  const config = {
    ...{ _class_name: "AutoencoderKL", block_out_channels: [4, 4], layers_per_block: 1, latent_channels: 2 },
    ...{ norm_num_groups: 2, mid_block_add_attention: false },
    down_block_types: network.downBlockTypes,
    up_block_types: network.upBlockTypes,
  };
  const { _class_name, ...options } = config;
  const { spec, names } = autoencoderFamilies.create({ ...options, name: "kl" });
  const vae = autoencoders.create(spec);
  mkdirSync(at("pipeline", "vae"), { recursive: true });
  writeFileSync(at("pipeline", "vae", "config.json"), JSON.stringify(config));
  const file = await exportWeights(vae, names, vae.init(random(1)));
  writeFileSync(at("pipeline", "vae", "diffusion_pytorch_model.safetensors"), writeSafetensors(file));
  const words = ["--autoencoder", at("pipeline")];
  expect((await trainLatent("published", 4, words)).code).toBe(0);
  const settings = (out: string) => JSON.parse(readFileSync(at(out, "config.json"), "utf8")).latent;
  expect(settings("published").scale).toHaveLength(2);
  expect(settings("published").scale[0]).toBe(settings("published").scale[1]);
  expect((await trainLatent("each", 4, words, "latent.per=channel")).code).toBe(0);
  expect(settings("each").scale[0]).not.toBe(settings("each").scale[1]);
  expect((await trainLatent("given", 4, words, "latent.scale=0.5", "latent.shift=0.25")).code).toBe(0);
  expect(settings("given")).toMatchObject({ scale: [0.5, 0.5], shift: [0.25, 0.25] });
});

test("what makes no sense is refused in words, and nothing is written", async () => {
  const swapped = at("swapped");
  mkdirSync(join(swapped, "checkpoints"), { recursive: true });
  for (const name of ["config.json", "log.jsonl"]) copyFileSync(at("latent", name), join(swapped, name));
  writeFileSync(
    join(swapped, "autoencoder.safetensors"),
    readFileSync(at("latent", "autoencoder.safetensors")).subarray(8),
  );
  const latent = (words: readonly string[], ...set: readonly string[]) =>
    trainLatent("refused", 4, words, ...set);
  for (const [ended, message] of [
    [latent([]), "Give --autoencoder RUN"],
    [latent(["--autoencoder", at("latent")]), "is the run of a denoiser, expected that of an autoencoder"],
    [latent(["--autoencoder", at("nowhere")]), "has no config.json"],
    [latent(own, "data.range=unit"), "data.range=unit is given, and the network is trained on latents"],
    [latent(own, "data.size=17"), "expected multiples of 2"],
    [latent(own, "heldOut.amount=4", "heldOut.metric=eps-loss"), "heldOut.metric is given"],
    [
      trainAutoencoder("refused", 4, "denoiser.width=8"),
      "denoiser is set, and the run trains an autoencoder",
    ],
    [trainAutoencoder("refused", 4, "loss=l1"), "Set autoencoder.loss"],
    [ddpm("sample", at("ae"), "--count", "1"), "ddpm train latent --autoencoder RUN"],
    [
      ddpm("train", "--resume", "--images", "16", "--out", swapped),
      "is not the autoencoder that this run was begun with",
    ],
  ] as const) {
    const { code, stderr } = await ended;
    expect(stderr).toContain(message);
    expect(code, message).toBe(2);
  }
  expect(existsSync(at("refused"))).toBe(false);
});

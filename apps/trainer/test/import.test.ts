import "@tensorflow/tfjs";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { disposeParams, random } from "@ddpm/core";
import { exportWeights, families } from "@ddpm/exchange";
import { denoisers } from "@ddpm/unet";
import { readSafetensors, type SafeTensor, writeSafetensors } from "@ddpm/weights";
import { beforeAll, expect, test } from "vitest";
import { temporaryFolder } from "./support/command.ts";
import { ddpmHere } from "./support/command-here.ts";
import { hashes } from "./support/files.ts";
import { writeSmallRun } from "./support/small-run.ts";

const folder = temporaryFolder();
const at = (...parts: string[]): string => join(folder, ...parts);

const unet = {
  _class_name: "UNet2DModel",
  _diffusers_version: "0.1.1",
  act_fn: "silu",
  attention_head_dim: null,
  block_out_channels: [16, 32],
  center_input_sample: false,
  down_block_types: ["DownBlock2D", "AttnDownBlock2D"],
  downsample_padding: 0,
  flip_sin_to_cos: false,
  freq_shift: 1,
  in_channels: 3,
  layers_per_block: 1,
  mid_block_scale_factor: 1,
  norm_eps: 1e-6,
  norm_num_groups: 4,
  out_channels: 3,
  sample_size: 8,
  time_embedding_type: "positional",
  up_block_types: ["AttnUpBlock2D", "UpBlock2D"],
};
const scheduler = {
  _class_name: "DDPMScheduler",
  _diffusers_version: "0.1.1",
  beta_end: 0.02,
  beta_schedule: "linear",
  beta_start: 0.0001,
  clip_sample: true,
  num_train_timesteps: 1000,
  trained_betas: null,
  variance_type: "fixed_large",
};
const index = {
  _class_name: "DDPMPipeline",
  _diffusers_version: "0.1.1",
  scheduler: ["diffusers", "DDPMScheduler"],
  unet: ["diffusers", "UNet2DModel"],
};
const weightsFile = "unet/diffusion_pytorch_model.safetensors";
let tensors: Record<string, SafeTensor>;

/** A pipeline folder as diffusers writes it. */
function pipeline(name: string, weights: Uint8Array): void {
  const files: [string, string | Uint8Array][] = [
    ["model_index.json", JSON.stringify(index, null, 2)],
    ["unet/config.json", JSON.stringify(unet, null, 2)],
    ["scheduler/scheduler_config.json", JSON.stringify(scheduler, null, 2)],
    [weightsFile, weights],
  ];
  for (const [file, content] of files) {
    mkdirSync(dirname(at(name, file)), { recursive: true });
    writeFileSync(at(name, file), content);
  }
}

beforeAll(async () => {
  const { _class_name, _diffusers_version, ...config } = unet;
  const { spec, names } = families.create({ name: "diffusers", ...config });
  const denoiser = denoisers.create(spec);
  const params = denoiser.init(random(5));
  tensors = await exportWeights(denoiser, names, params);
  disposeParams(params);
  pipeline("pipeline", writeSafetensors(tensors, { format: "pt" }));
});

test("a network whose output is not a denoiser's is imported and exported, and not sampled", async () => {
  const { _class_name, _diffusers_version, ...arguments_ } = { ...unet, out_channels: 5 };
  const { spec, names } = families.create({ name: "diffusers", ...arguments_ });
  const denoiser = denoisers.create(spec);
  const params = denoiser.init(random(5));
  writeFileSync(at("five.safetensors"), writeSafetensors(await exportWeights(denoiser, names, params)));
  disposeParams(params);
  writeFileSync(at("five.json"), JSON.stringify(arguments_));
  const given = ["--config", at("five.json"), "--out", at("five")];
  const made = await ddpmHere("import", at("five.safetensors"), "--from", "diffusers", ...given);
  expect(made.stdout).toContain("Its output of 5 channels is not a denoiser's");
  const drawn = await ddpmHere("sample", at("five"), "--out", at("five-drawn"));
  expect([drawn.code, drawn.stderr]).toEqual([
    2,
    expect.stringContaining("returns 5 channels for samples of 3"),
  ]);
  expect(existsSync(at("five-drawn"))).toBe(false);
  await ddpmHere("export", at("five"), "--to", "diffusers", "--out", at("five-back"));
  expect(JSON.parse(readFileSync(at("five-back", "unet", "config.json"), "utf8"))).toMatchObject({
    in_channels: 3,
    out_channels: 5,
  });
});

test("a diffusers folder becomes a run that samples, and goes back bit for bit", async () => {
  const made = await ddpmHere("import", "--from", "diffusers", at("pipeline"), "--out", at("run"), "--json");
  expect(made.stderr).toBe("");
  expect(made.events.at(-1)).toMatchObject({
    event: "done",
    run: at("run"),
    denoiser: "ho",
    shape: [8, 8, 3],
  });
  expect(JSON.parse(readFileSync(at("run", "config.json"), "utf8"))).toMatchObject({
    schedule: { name: "linear", steps: 1000, betaStart: 0.0001, betaEnd: 0.02 },
    parameterization: "eps",
    sample: { sampler: { name: "ddpm", variance: "fixed-large" }, spacing: { name: "leading" }, steps: 1000 },
  });

  const drawn = await ddpmHere(
    ...[
      "sample",
      at("run"),
      "--steps",
      "3",
      "--count",
      "2",
      "--backend",
      "wasm",
      "--out",
      at("drawn"),
      "--json",
    ],
  );
  expect(drawn.events.at(-1)).toMatchObject({ event: "done", count: 2 });

  const back = await ddpmHere("export", at("run"), "--to", "diffusers", "--out", at("back"), "--json");
  expect(back.code).toBe(0);
  expect(hashes(at("back"))).toEqual(hashes(at("pipeline")));

  const file = await ddpmHere("export", at("run"), "--to", "diffusers", "--out", at("new", "m.safetensors"));
  expect(file.code).toBe(0);
  expect(readFileSync(at("new", "m.safetensors"))).toEqual(readFileSync(at("pipeline", weightsFile)));
});

test("a file and the arguments it was built with become a run; a trained run goes out by its arguments", async () => {
  const words = { dim: 8, dim_mults: [1, 2], channels: 3, use_convnext: false, resnet_block_groups: 2 };
  writeFileSync(at("words.json"), JSON.stringify(words));
  const spec = families.create({ name: "annotated", ...words }).spec;
  const config = writeSmallRun(folder, { denoiser: spec });
  const trained = await ddpmHere(
    "train",
    config,
    "--images",
    "8",
    "--out",
    at("trained"),
    "--backend",
    "wasm",
  );
  expect(trained.code).toBe(0);
  const out = at("annotated.safetensors");
  await ddpmHere("export", at("trained"), "--to", "annotated", "--config", at("words.json"), "--out", out);
  expect(Object.keys(readSafetensors(readFileSync(out)).tensors)).toContain("final_conv.1.bias");
  const made = await ddpmHere(
    ...["import", out, "--from", "annotated", "--config", at("words.json"), "--size", "16"],
    ...["--schedule", "cosine:steps=100", "--out", at("again"), "--json"],
  );
  expect(made.events.at(-1)).toMatchObject({ event: "done", denoiser: "annotated" });
  const names = hashes(at("again", "checkpoints", "000000000000"));
  expect(names["model.safetensors"]).toBeDefined();
  const twice = at("twice.safetensors");
  await ddpmHere("export", at("again"), "--to", "annotated", "--out", twice);
  expect(readFileSync(twice)).toEqual(readFileSync(out));

  const wrong = { ...words, resnet_block_groups: 4 };
  writeFileSync(at("wrong.json"), JSON.stringify(wrong));
  const refused = await ddpmHere(
    ...[
      "export",
      at("again"),
      "--to",
      "annotated",
      "--config",
      at("wrong.json"),
      "--out",
      at("no.safetensors"),
    ],
  );
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain("resnetBlockGroups is 4, and the run's is 2");
  expect(existsSync(at("no.safetensors"))).toBe(false);
});

/** Every field that diffusers 0.35 writes into a UNet2DModel's `config.json`, by name. */
const FIELDS = [
  ...["_class_name", "_diffusers_version", "act_fn", "add_attention", "attention_head_dim"],
  ...["attn_norm_num_groups", "block_out_channels", "center_input_sample", "class_embed_type"],
  ...[
    "down_block_types",
    "downsample_padding",
    "downsample_type",
    "dropout",
    "flip_sin_to_cos",
    "freq_shift",
  ],
  ...["in_channels", "layers_per_block", "mid_block_scale_factor", "mid_block_type", "norm_eps"],
  ...["norm_num_groups", "num_class_embeds", "num_train_timesteps", "out_channels"],
  ...["resnet_time_scale_shift", "sample_size", "time_embedding_dim", "time_embedding_type"],
  ...["up_block_types", "upsample_type"],
];

test("a network of the paper's shape that was trained here is exported as a pipeline without arguments, and comes back bit for bit", async () => {
  const denoiser = {
    name: "ho",
    width: 16,
    multipliers: [1, 2],
    blocks: 1,
    attention: [1],
    groups: 4,
    dropout: 0,
  };
  const config = writeSmallRun(folder, { denoiser });
  await ddpmHere("train", config, "--images", "8", "--out", at("own"), "--backend", "wasm");
  const out = at("own-pipeline");
  const { stderr, code } = await ddpmHere("export", at("own"), "--to", "diffusers", "--out", out);
  expect(stderr).toBe("");
  expect(code).toBe(0);
  expect(Object.keys(hashes(out))).toEqual(Object.keys(hashes(at("pipeline"))));
  const json = (file: string) => JSON.parse(readFileSync(join(out, file), "utf8"));
  expect(json("scheduler/scheduler_config.json")).toEqual({
    _class_name: "DDIMScheduler",
    _diffusers_version: "0.35.2",
    beta_end: 0.02,
    beta_schedule: "squaredcos_cap_v2",
    beta_start: 0.0001,
    clip_sample: true,
    clip_sample_range: 1,
    dynamic_thresholding_ratio: 0.995,
    num_train_timesteps: 100,
    prediction_type: "epsilon",
    rescale_betas_zero_snr: false,
    sample_max_value: 1,
    set_alpha_to_one: true,
    steps_offset: 0,
    thresholding: false,
    timestep_spacing: "trailing",
    trained_betas: null,
  });
  expect(json("model_index.json")).toMatchObject({
    _class_name: "DDIMPipeline",
    scheduler: ["diffusers", "DDIMScheduler"],
  });
  expect(Object.keys(json("unet/config.json"))).toEqual(FIELDS);
  const { _diffusers_version: _, attention_head_dim: __, ...same } = unet;
  expect(json("unet/config.json")).toMatchObject({ ...same, sample_size: 16 });
  const written = readSafetensors(readFileSync(join(out, weightsFile))).tensors;
  for (const [name, { shape }] of Object.entries(tensors))
    expect([name, written[name]?.shape]).toEqual([name, shape]);
  expect(Object.keys(written)).toHaveLength(Object.keys(tensors).length);

  const back = await ddpmHere("import", out, "--from", "diffusers", "--out", at("own-again"), "--json");
  expect(back.events.at(-1)).toMatchObject({ event: "done", denoiser: "ho" });
  await ddpmHere("export", at("own-again"), "--to", "diffusers", "--out", at("own-twice"));
  expect(hashes(at("own-twice"))).toEqual(hashes(out));
});

test("a model's own folder without subfolders becomes a run and is exported as it was", async () => {
  const files = { "config.json": "unet/config.json", "diffusion_pytorch_model.safetensors": weightsFile };
  mkdirSync(at("flat"));
  for (const [name, from] of Object.entries(files)) cpSync(at("pipeline", from), at("flat", name));
  const words = ["--from", "diffusers", "--schedule", "cosine", "--out", at("flat-run"), "--json"];
  const made = await ddpmHere("import", at("flat"), ...words);
  expect(made.events.at(-1)).toMatchObject({ event: "done", shape: [8, 8, 3] });
  await ddpmHere("export", at("flat-run"), "--to", "diffusers", "--out", at("flat-back"));
  expect(hashes(at("flat-back"))).toEqual(hashes(at("flat")));
});

/** A header that claims a tensor of 100 GB, and no data. */
function claimingFile(): Uint8Array {
  const text = JSON.stringify({ a: { dtype: "F32", shape: [25e9], data_offsets: [0, 100e9] } });
  const bytes = new Uint8Array(8 + text.length);
  new DataView(bytes.buffer).setUint32(0, text.length, true);
  bytes.set(new TextEncoder().encode(text), 8);
  return bytes;
}

const first = "conv_in.bias";
const changed = (change: Partial<SafeTensor>): Uint8Array =>
  writeSafetensors({ ...tensors, [first]: { ...tensors[first]!, ...change } as SafeTensor });

const hostile: [what: string, weights: () => Uint8Array, message: RegExp][] = [
  ["truncated", () => writeSafetensors(tensors).subarray(0, 5000), /diffusion_pytorch_model\.safetensors/],
  ["empty", () => new Uint8Array(0), /diffusion_pytorch_model\.safetensors/],
  ["claiming 100 GB", claimingFile, /diffusion_pytorch_model\.safetensors.*"a"/],
  ["with NaN", () => changed({ data: new Float32Array(16).fill(Number.NaN) }), /"conv_in\.bias".*not finite/],
  ["of other shapes", () => changed({ shape: [4, 4] }), /"conv_in\.bias" has shape \[4, 4\]/],
  [
    "with a name missing",
    () => writeSafetensors(Object.fromEntries(Object.entries(tensors).filter(([name]) => name !== first))),
    /no tensor "conv_in\.bias"/,
  ],
  [
    "with a name too many",
    () => writeSafetensors({ ...tensors, lora: tensors[first]! }),
    /1 tensors that the network lacks: "lora"/,
  ],
  ["that is a pickle in disguise", () => Uint8Array.of(0x50, 0x4b, 3, 4, 0, 0, 0, 0, 0), /is a pickle/],
];

test.each(hostile)(
  "a weight file %s: one clear error, status 2, nothing written",
  async (what, weights, message) => {
    const name = `hostile ${what}`;
    pipeline(name, weights());
    const out = at("refused", "run");
    const { code, events, stdout } = await ddpmHere(
      "import",
      "--from",
      "diffusers",
      at(name),
      "--out",
      out,
      "--json",
    );
    expect(events[0]).toMatchObject({ event: "error", message: expect.stringMatching(message) });
    expect(stdout.trim().split("\n")).toHaveLength(1);
    expect(code).toBe(2);
    expect(existsSync(at("refused"))).toBe(false);
    rmSync(at(name), { recursive: true });
  },
);

test("a pickle is refused with the three lines that convert it", async () => {
  writeFileSync(at("model.pt"), Uint8Array.of(0x80, 2, 0x2e));
  writeFileSync(at("unet.json"), JSON.stringify(unet));
  const { code, stderr } = await ddpmHere(
    ...["import", at("model.pt"), "--from", "diffusers", "--config", at("unet.json"), "--out", at("no")],
  );
  expect(code).toBe(2);
  expect(stderr.match(/^ {2}\S.*$/gm)).toHaveLength(3);
  expect(stderr).toContain('torch.load("model.pt", map_location="cpu", weights_only=True)');
  expect(stderr).toContain('"model.safetensors")');
  expect(existsSync(at("no"))).toBe(false);
});

const wrong: [what: string, file: string, change: object, message: RegExp][] = [
  ["another class", "unet/config.json", { _class_name: "UNet3DConditionModel" }, /UNet3DConditionModel/],
  ["an unknown block", "unet/config.json", { down_block_types: ["K", "K"] }, /down_block_types/],
  ["an unknown schedule", "scheduler/scheduler_config.json", { beta_schedule: "exp" }, /"beta_schedule"/],
  ["another scheduler", "scheduler/scheduler_config.json", { _class_name: "LCMScheduler" }, /"_class_name"/],
];

test.each(wrong)("a folder with %s is refused by name", async (_what, file, change, message) => {
  cpSync(at("pipeline"), at("wrong"), { recursive: true });
  const old = JSON.parse(readFileSync(at("wrong", file), "utf8")) as object;
  writeFileSync(at("wrong", file), JSON.stringify({ ...old, ...change }));
  const { code, stderr } = await ddpmHere("import", "--from", "diffusers", at("wrong"), "--out", at("no"));
  expect(stderr.trim().split("\n")).toHaveLength(1);
  expect(stderr).toMatch(message);
  expect(code).toBe(2);
  expect(existsSync(at("no"))).toBe(false);
  rmSync(at("wrong"), { recursive: true });
});

test("a run that is there already is left as it is", async () => {
  mkdirSync(at("mine"));
  const { code, stderr } = await ddpmHere(
    "import",
    "--from",
    "diffusers",
    at("pipeline"),
    "--out",
    at("mine"),
  );
  expect(code).toBe(2);
  expect(stderr).toContain("is there already");
  expect(readdirSync(at("mine"))).toEqual([]);
});

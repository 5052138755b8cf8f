import "@tensorflow/tfjs";
import { closeSync, ftruncateSync, openSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { disposeParams, random } from "@ddpm/core";
import { parameterizations } from "@ddpm/diffusion";
import { schedules } from "@ddpm/schedules";
import { denoisers } from "@ddpm/unet";
import { type SafeTensor, writeSafetensors } from "@ddpm/weights";
import { beforeAll, describe, expect, test } from "vitest";
import type { SampledRun } from "../src/authoring.ts";
import { exportWeights, families, readScheduler, writeScheduler } from "../src/index.ts";
import { readWeights } from "../src/node/index.ts";
import { temporaryFolder, run as usual } from "./support.ts";

/** The configuration of a run's scheduler. */
const schedulerConfig = (config: SampledRun, learnsVariance = false) =>
  writeScheduler(config, learnsVariance).config;

const run = (changes: object): SampledRun => ({ ...usual, ...changes });

describe("a scheduler's configuration", () => {
  const ramp = { beta_start: 0.0001, beta_end: 0.02, trained_betas: null };
  test.each([
    ["linear", { ...ramp, beta_schedule: "linear" }],
    [
      { name: "linear", steps: 500, rescale: true },
      { beta_start: 0.0002, beta_end: 0.04, trained_betas: null },
    ],
    [
      { name: "scaled-linear", betaStart: 0.00085 },
      { beta_schedule: "scaled_linear", beta_start: 0.00085 },
    ],
    ["cosine", { ...ramp, beta_schedule: "squaredcos_cap_v2" }],
    ["beta-sigmoid", { ...ramp, beta_schedule: "sigmoid" }],
    [
      { name: "zero-terminal", of: "cosine" },
      { beta_schedule: "squaredcos_cap_v2", rescale_betas_zero_snr: true },
    ],
    [
      { name: "cosine", maxBeta: 0.02 },
      { rescale_betas_zero_snr: false, trained_betas: expect.any(Array) },
    ],
  ])("says %j by its name where there is one", (schedule, expected) => {
    const sample = { ...usual.sample, sampler: "ddpm" };
    expect(schedulerConfig(run({ schedule, sample, parameterization: "v" }))).toMatchObject(expected);
  });

  test.each(schedules.names.filter((name) => name !== "custom"))(
    "gives the betas of %s back, or is refused where there are none",
    (name) => {
      const schedule = name === "shifted" ? { name, imageSize: 64 } : { name };
      const config = run({ schedule, parameterization: "v" });
      const { betas } = schedules.create(config.schedule);
      if (!betas) return expect(() => schedulerConfig(config)).toThrow("is no chain of betas");
      const read = schedules.create(readScheduler(schedulerConfig(config), "file").schedule).betas!;
      expect(read).toHaveLength(betas.length);
      for (const [i, beta] of betas.entries()) expect(Math.abs(read[i]! / beta - 1)).toBeLessThan(1e-6);
    },
  );

  test.each(parameterizations.names)("maps what %s predicts, or refuses it", (name) => {
    const config = run({ parameterization: name });
    const known: string | undefined = { eps: "epsilon", x0: "sample", v: "v_prediction" }[name];
    if (!known) return expect(() => schedulerConfig(config)).toThrow(`no prediction type like "${name}"`);
    expect(schedulerConfig(config)).toMatchObject({ prediction_type: known });
    expect(readScheduler(schedulerConfig(config), "file").parameterization).toBe(name);
  });

  test("keeps the sampler's variance, its spacing and its clipping", () => {
    const sample = {
      ...usual.sample,
      sampler: { name: "ddpm", variance: "fixed-large" },
      spacing: "linspace",
      clip: false,
    };
    const config = schedulerConfig(run({ sample }));
    expect(config).toMatchObject({
      variance_type: "fixed_large",
      timestep_spacing: "linspace",
      clip_sample: false,
    });
    expect(readScheduler(config, "file").sample).toMatchObject({ ...sample, steps: 100 });
    expect(schedulerConfig(run({}), true)).toMatchObject({ variance_type: "learned_range" });
  });

  test("does not exist for images in [0, 1]", () => {
    expect(() => schedulerConfig(run({ range: "unit" }))).toThrow("are in [0, 1]");
  });
});

describe("weights behind prefixes and in parts", () => {
  const folder = temporaryFolder();
  const { spec, names } = families.create({ name: "annotated-later", dim: 4, dim_mults: [1], channels: 1 });
  const denoiser = denoisers.create(spec);
  let own: Record<string, SafeTensor>;
  let average: Record<string, SafeTensor>;
  const drawn = async (seed: number): Promise<Record<string, SafeTensor>> => {
    const params = denoiser.init(random(seed));
    const tensors = await exportWeights(denoiser, names, params);
    disposeParams(params);
    return tensors;
  };
  beforeAll(async () => {
    [own, average] = [await drawn(1), await drawn(2)];
  });

  const under = (prefix: string, tensors: Record<string, SafeTensor>): Record<string, SafeTensor> =>
    Object.fromEntries(Object.entries(tensors).map(([name, value]) => [prefix + name, value]));
  const betas = { dtype: "F32", shape: [3], data: Float32Array.of(1, 2, 3) } as const;
  const step = { dtype: "I64", shape: [], data: BigInt64Array.of(7n) } as const;
  const read = async (tensors: Record<string, SafeTensor>, raw = false) => {
    const path = join(folder, "one.safetensors");
    writeFileSync(path, writeSafetensors(tensors));
    return written(path, raw);
  };
  const written = async (path: string, raw = false) => {
    const params = await readWeights(path, denoiser, names, raw);
    const back = await exportWeights(denoiser, names, params);
    disposeParams(params);
    return back;
  };

  test.each(["module.", "model.", "ema.", "ema_model.", "model.module.", "diffusion.unet."])(
    "%s is taken off",
    async (prefix) => expect(await read(under(prefix, own))).toEqual(own),
  );

  test.each([
    ["ema_model.model.", "online_model.model."],
    ["ema.", ""],
    ["ema.module.", "model.module."],
  ])("of %s and %s the average is taken, or with raw the weights as trained", async (ema, plain) => {
    const tables = { initted: step, step, "ema_model.betas": betas };
    const both = { ...under(ema, average), ...under(plain, own), ...tables };
    expect(await read(both)).toEqual(average);
    expect(await read(both, true)).toEqual(own);
  });

  test("two copies that no name distinguishes are refused", async () => {
    await expect(read({ ...under("a.", own), ...under("b.", average) })).rejects.toThrow(
      '2 times, under "a.", "b."',
    );
  });

  test.each([
    [
      "a surplus name",
      () => ({ ...under("model.", own), "model.lora": betas }),
      '1 tensors that the network lacks: "model.lora"',
    ],
    ["a table without a wrapper", () => ({ ...own, betas }), '1 tensors that the network lacks: "betas"'],
    [
      "a missing name",
      () => {
        const { "model.init_conv.bias": _, ...rest } = under("model.", own);
        return rest;
      },
      'no tensor "model.init_conv.bias"',
    ],
    ["another size", () => ({ ...own, "init_conv.bias": betas }), '"init_conv.bias" has shape [3]'],
    ["nothing", () => ({}), "no tensor"],
  ])("%s is refused by name", async (_what, tensors, expected) => {
    await expect(read(tensors())).rejects.toThrow(expected);
  });

  const parts = (map: (name: string, i: number) => string): string => {
    const path = join(folder, "parts.safetensors");
    const homes = Object.fromEntries(Object.keys(own).map((name, i) => [name, map(name, i)]));
    writeFileSync(`${path}.index.json`, JSON.stringify({ metadata: { total_size: 1 }, weight_map: homes }));
    return path;
  };

  test("parts with an index are one file", async () => {
    const half = Math.floor(Object.keys(own).length / 2);
    for (const [file, keep] of [
      ["p1.safetensors", (i: number) => i < half],
      ["p2.safetensors", (i: number) => i >= half],
    ] as const) {
      const part = Object.fromEntries(Object.entries(own).filter((_, i) => keep(i)));
      writeFileSync(join(folder, file), writeSafetensors(part));
    }
    const path = parts((_name, i) => (i < half ? "p1.safetensors" : "p2.safetensors"));
    expect(await written(path)).toEqual(own);
    parts((_name, i) => (i <= half ? "p1.safetensors" : "p2.safetensors"));
    await expect(written(path)).rejects.toThrow(/p2.safetensors holds|has no/);
    parts(() => "../p1.safetensors");
    await expect(written(path)).rejects.toThrow('names "../p1.safetensors", expected files next to it');
    parts(() => "p3.safetensors");
    await expect(written(path)).rejects.toThrow(/p3\.safetensors does not exist\. Check the path/);
    writeFileSync(`${path}.index.json`, "{}");
    await expect(written(path)).rejects.toThrow('expected "weight_map"');
  });

  /** A sparse file of so many bytes with this header. */
  const sparse = (header: object, bytes: number, claimed?: number): string => {
    const path = join(folder, "sparse.safetensors");
    const text = JSON.stringify(header);
    const start = new Uint8Array(8);
    new DataView(start.buffer).setBigUint64(0, BigInt(claimed ?? text.length), true);
    const file = openSync(path, "w");
    writeSync(file, start);
    writeSync(file, text);
    ftruncateSync(file, bytes);
    closeSync(file);
    return path;
  };
  const tensor = (count: number) => ({ dtype: "F32", shape: [count], data_offsets: [0, 4 * count] });
  const length = (header: object): number => 8 + JSON.stringify(header).length;
  const huge = { "init_conv.bias": tensor(2 ** 31) };
  test.each([
    [
      "3 GB of surplus data",
      () => sparse({ lora: tensor(8e8) }, length({ lora: tensor(8e8) }) + 32e8),
      /no tensor/,
    ],
    [
      "8 GB for a bias",
      () => sparse(huge, length(huge) + 2 ** 33),
      /"init_conv\.bias" has shape \[2147483648\]/,
    ],
    ["a header of 2^60 bytes", () => sparse({}, 4096, 2 ** 60), /expected at most/],
    ["a header of 90 MB in a short file", () => sparse({}, 4096, 9e7), /truncated/],
    ["100 GB claimed", () => sparse({ a: tensor(25e9) }, 4096), /truncated/],
  ])("%s is refused by the header, and nothing like it is allocated", async (_what, make, expected) => {
    const before = process.memoryUsage().rss;
    await expect(written(make())).rejects.toThrow(expected);
    expect(process.memoryUsage().rss - before).toBeLessThan(64e6);
  });
});

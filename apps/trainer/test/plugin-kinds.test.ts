import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { disposeParams, type Registry, random } from "@ddpm/core";
import * as tf from "@tensorflow/tfjs";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { recorded, used } from "./plugins/used.ts";

const PACKAGES = new URL("../../../packages/", import.meta.url);

/** Of each kind: the file with its registry, its name there, and the fixture to add. */
const kinds = {
  schedules: ["schedules/src/schedules/unwrapped.ts", "unwrappedSchedules", "noise/schedule"],
  spacings: ["schedules/src/spacings/index.ts", "spacings", "noise/spacing"],
  times: ["schedules/src/time-samplers/index.ts", "timeSamplers", "noise/time-sampler"],
  parameterizations: [
    "diffusion/src/objective/parameterizations/index.ts",
    "parameterizations",
    "objective/parameterization",
  ],
  losses: ["diffusion/src/objective/losses/index.ts", "losses", "objective/loss"],
  weights: ["diffusion/src/objective/weights/index.ts", "weights", "objective/weight"],
  samplers: ["diffusion/src/sampling/samplers/index.ts", "samplers", "sampling/sampler"],
  wrappers: ["diffusion/src/guidance/wrappers/index.ts", "wrappers", "sampling/wrapper"],
  conditions: ["diffusion/src/guidance/conditions/index.ts", "conditions", "objective/condition"],
  denoisers: ["unet/src/denoisers.ts", "denoisers", "training/denoiser"],
  autoencoders: ["autoencoder/src/autoencoders.ts", "autoencoders", "training/autoencoder"],
  optimizers: ["trainer/src/optimizers/index.ts", "optimizers", "training/optimizer"],
  "learning-rates": ["trainer/src/learning-rates/courses.ts", "courses", "training/learning-rate"],
  emas: ["trainer/src/emas/index.ts", "emas", "training/ema"],
  clips: ["trainer/src/clips/index.ts", "clips", "training/clip"],
  checks: ["trainer/src/checks/index.ts", "checks", "training/check"],
  data: ["data/src/embedded/index.ts", "embeddedSets", "data/embedded-set"],
  formats: ["data/src/formats/index.ts", "formats", "data/format"],
  families: ["exchange/src/families/index.ts", "families", "data/family"],
  extractors: ["metrics/src/extractors/index.ts", "extractors", "metrics/extractor"],
  metrics: ["metrics/src/metrics/index.ts", "metrics", "metrics/metric"],
  presets: ["runs/src/presets/index.ts", "presets", "training/preset"],
  backends: ["backends/src/node/backends.ts", "backends", "training/backend"],
} as const;

/** Adds each fixture to its registry, as one more line there would. */
for (const [file, name, fixture] of Object.values(kinds)) {
  vi.doMock(fileURLToPath(new URL(file, PACKAGES)), async (original) => {
    const module = await original<Record<string, Registry<unknown>>>();
    const { fixture: added } = await import(
      /* @vite-ignore */ new URL(`plugins/fixtures/${fixture}.ts`, import.meta.url).pathname
    );
    return { ...module, [name]: module[name]!.with(added) };
  });
}

const folder = mkdtempSync(join(tmpdir(), "ddpm-kinds-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeAll(() => tf.setBackend("cpu"));

/** A run that names the fixture in every place. */
const fixture = { name: "fixture" };
const everywhere = {
  name: "kinds",
  data: { source: "fixture" },
  ...{ denoiser: fixture, schedule: fixture, parameterization: fixture, loss: fixture, weight: fixture },
  ...{ times: fixture, condition: fixture, checks: [fixture] },
  train: {
    ...{ images: 4, batch: 2, optimizer: fixture, learningRate: fixture, clip: fixture, ema: fixture },
  },
  sample: { sampler: fixture, spacing: fixture, clip: fixture, steps: 2 },
  every: { log: 2 },
};

const { pluginKinds } = await import("../src/plugins.ts");

test("there is a fixture of every kind of plugin", () => {
  expect(Object.keys(kinds).sort()).toEqual(Object.keys(pluginKinds).sort());
});

test.each(Object.keys(kinds))(
  "%s: a file and a line are listed, with options and their checks",
  async (kind) => {
    const { kinds: lists } = await import("../src/commands/list/entries.ts");
    const entry = lists[kind]!().find(({ name }) => name === "fixture");
    expect(entry).toMatchObject({ source: "made here", options: [{ name: "strength", default: 1 }] });
    const { plugins } = pluginKinds[kind]!;
    const make = plugins.find(({ name }) => name === "fixture")! as unknown as (options: object) => unknown;
    expect(() => make({ strenght: 2 })).toThrow('Did you mean "strength"?');
  },
);

test("the configuration takes each by name, and refuses an option that it does not have", async () => {
  const { buildParts, parseRun } = await import("@ddpm/runs");
  const parts = buildParts(parseRun(everywhere, "test"));
  const { denoiser, schedule, loss, optimizer, sampler } = parts;
  expect([denoiser, schedule, loss, optimizer, sampler].map(({ name }) => name)).toEqual(
    Array(5).fill("fixture"),
  );
  for (const place of ["denoiser", "schedule", "loss", "weight", "times", "parameterization", "condition"]) {
    const wrong = parseRun({ ...everywhere, [place]: { ...fixture, strenght: 2 } }, "test");
    expect(() => buildParts(wrong)).toThrow('Did you mean "strength"?');
  }
});

test("the studio lists each of the kinds that it lets choose, with its options", async () => {
  const { pluginChoices } = await import("../../studio/src/ui/controls/plugin-options.ts");
  const { optionFields } = await import("../../studio/src/ui/controls/plugin-options.ts");
  for (const [kind, names] of Object.entries(pluginChoices)) {
    expect(names, kind).toContain("fixture");
    const { schema } = pluginKinds[kind]!.plugins.find(({ name }) => name === "fixture")!;
    expect(optionFields(schema)).toMatchObject([{ kind: "number", name: "strength", value: 1 }]);
  }
});

test("a training and a sampling run use all that a configuration names", async () => {
  const { imageStream, embeddedSets } = await import("@ddpm/data");
  const { buildParts, parseRun, trainingLoopOptions } = await import("@ddpm/runs");
  const { disposeState, trainingLoop } = await import("@ddpm/trainer");
  const { denoiseWith, samplingLoop, wrappers } = await import("@ddpm/diffusion");
  const config = parseRun(everywhere, "test");
  const parts = buildParts(config);
  const images = imageStream(embeddedSets.create("fixture"), { seed: 0 });
  for await (const event of trainingLoop(trainingLoopOptions(config, { parts, images }))) {
    if (event.type === "step") expect(Number.isFinite(event.loss)).toBe(true);
    if (event.type === "done") disposeState(event.state);
  }
  for (const check of parts.checks) check.look([]);
  const { denoiser, schedule, parameterization, sampler, spacing } = parts;
  const params = denoiser.init(random(0));
  const image = tf.zeros([1, 16, 16, 4]) as tf.Tensor4D;
  const loop = samplingLoop({
    denoise: wrappers.create("fixture")(
      denoiseWith({ denoiser, schedule, parameterization, params, condition: { image } }),
    ),
    ...{ schedule, sampler, times: spacing.times(2, schedule), shape: [1, 16, 16, 3], random: random(0) },
  });
  for await (const frame of loop) if (frame.done) frame.x.dispose();
  disposeParams(params);
  image.dispose();
  const inRun = [
    ...["schedules", "spacings", "times", "parameterizations", "losses", "weights", "samplers", "wrappers"],
    ...["conditions", "denoisers", "optimizers", "learning-rates", "emas", "clips", "checks", "data"],
  ];
  expect(inRun.filter((kind) => !used.has(kind))).toEqual([]);
});

test("a preset is trained, and a backend started, by name", async () => {
  const { loadStages } = await import("../src/config/load.ts");
  const [{ config }] = await loadStages("fixture", {});
  expect(config).toMatchObject({ name: "fixture", seed: 7 });
  const { useBackend } = await import("@ddpm/backends");
  expect(await useBackend("fixture")).toMatchObject({ name: "fixture", why: "asked for" });
  expect(["presets", "backends"].filter((kind) => !used.has(kind))).toEqual([]);
});

test("files of a format in Node and in the page, weights of a family, features and a metric are used by name", async () => {
  const { openDataset } = await import("@ddpm/data/node");
  const file = join(folder, "images.fixture");
  writeFileSync(file, "images");
  const dataset = await openDataset(file);
  expect(dataset.length).toBe(12);
  const { openFiles } = await import("@ddpm/data/browser");
  const given = { path: "images.fixture", blob: new Blob(["images"]) };
  expect((await openFiles([given])).fingerprint).toBe(dataset.fingerprint);

  const { exportWeights, families, importWeights } = await import("@ddpm/exchange");
  const { denoisers } = await import("@ddpm/unet");
  const { spec, names } = families.create({ name: "fixture", strength: 2 });
  const denoiser = denoisers.create(spec);
  const params = denoiser.init(random(0));
  const tensors = await exportWeights(denoiser, names, params);
  expect(Object.keys(tensors)).toEqual(["theirs.gain"]);
  disposeParams(importWeights(denoiser, names, tensors));
  disposeParams(params);

  const { extractors, metrics } = await import("@ddpm/metrics");
  await extractors.create("fixture").prepare({ dataset });
  const pixels = { shape: [3, 1, 1, 1], data: new Float32Array(3) } as const;
  const metric = metrics.create({ name: "fixture", strength: 2 });
  const { estimate } = await metric.compute({ pixels: { real: pixels, generated: pixels } } as never);
  expect(estimate?.value).toBe(6);
  expect(["formats", "families", "extractors", "metrics"].filter((kind) => !used.has(kind))).toEqual([]);
});

test("an autoencoder is built by name", async () => {
  const { autoencoders } = await import("@ddpm/autoencoder");
  const autoencoder = autoencoders.create({ name: "fixture", strength: 2 });
  const params = autoencoder.init(random(0));
  const x = tf.ones([1, 2, 2, 3]) as tf.Tensor4D;
  expect(autoencoder.encode(params, x).dataSync()[0]).toBe(2);
  disposeParams(params);
  expect(used.has("autoencoders")).toBe(true);
});

test("what was not called is not counted as used", () => {
  recorded("never", () => 0);
  expect(used.has("never")).toBe(false);
});

import "@tensorflow/tfjs";
import { stepOfTime } from "@ddpm/core";
import { schedules, spacings } from "@ddpm/schedules";
import { describe, expect, test } from "vitest";
import { readScheduler, writeScheduler } from "../src/index.ts";
import { run } from "./support.ts";

type Fields = Readonly<Record<string, unknown>>;

const read = (name: string, fields: Fields = {}) =>
  readScheduler({ _class_name: name, _diffusers_version: "0.35.2", ...fields }, "scheduler_config.json");

const ddpm = { name: "ddpm", variance: "fixed-small" };
const linear = { name: "linear", steps: 1000, betaStart: 0.0001, betaEnd: 0.02 };
const kept = { keepEps: true };

test("fields that are left out have the reference's defaults", () => {
  const drawn = { spacing: { name: "leading", offset: 0 } };
  expect(read("DDPMScheduler")).toEqual({
    schedule: linear,
    parameterization: "eps",
    sample: { ...drawn, sampler: ddpm, steps: 1000, clip: true },
  });
  expect(read("DDIMScheduler")).toEqual({
    schedule: linear,
    parameterization: "eps",
    sample: { ...drawn, sampler: "ddim", steps: 50, clip: { name: "clip", min: -1, max: 1, ...kept } },
  });
});

/** Every field of the schedulers: a value that is not the default, and what it changes, or the words that refuse it. */
const table: readonly [name: string, fields: Fields, decides: object | string][] = [
  ["DDPMScheduler", { num_train_timesteps: 10 }, { schedule: { steps: 10 }, sample: { steps: 10 } }],
  ["DDPMScheduler", { beta_start: 0.001 }, { schedule: { betaStart: 0.001 } }],
  ["DDPMScheduler", { beta_end: 0.03 }, { schedule: { betaEnd: 0.03 } }],
  ["DDPMScheduler", { beta_schedule: "scaled_linear" }, { schedule: { name: "scaled-linear" } }],
  ["DDPMScheduler", { beta_schedule: "squaredcos_cap_v2" }, { schedule: { name: "cosine", steps: 1000 } }],
  ["DDPMScheduler", { beta_schedule: "laplace" }, { schedule: { name: "laplace", steps: 1000 } }],
  ["DDPMScheduler", { beta_schedule: "sigmoid" }, { schedule: { name: "beta-sigmoid" } }],
  ["DDPMScheduler", { beta_schedule: "exp" }, '"beta_schedule" is "exp", expected linear, scaled_linear'],
  [
    "DDPMScheduler",
    { trained_betas: [0.1, 0.2], num_train_timesteps: 2 },
    { schedule: { name: "custom", betas: [0.1, 0.2] } },
  ],
  [
    "DDPMScheduler",
    { trained_betas: [0.1] },
    '"trained_betas" has 1 numbers, expected num_train_timesteps, 1000.',
  ],
  ["DDPMScheduler", { variance_type: "fixed_small_log" }, { sample: { sampler: ddpm } }],
  ["DDPMScheduler", { variance_type: "fixed_large" }, { sample: { sampler: { variance: "fixed-large" } } }],
  [
    "DDPMScheduler",
    { variance_type: "fixed_large_log" },
    { sample: { sampler: { variance: "fixed-large" } } },
  ],
  [
    "DDPMScheduler",
    { variance_type: "learned_range" },
    { sample: { sampler: { variance: "learned-range" } } },
  ],
  ["DDPMScheduler", { variance_type: "learned" }, '"variance_type" is "learned"'],
  ["DDPMScheduler", { clip_sample: false }, { sample: { clip: false } }],
  ["DDPMScheduler", { clip_sample_range: 3 }, { sample: { clip: { name: "clip", min: -3, max: 3 } } }],
  [
    "DDPMScheduler",
    { clip_sample_range: "1" },
    '"clip_sample_range" is "1", expected a value of type number.',
  ],
  [
    "DDPMScheduler",
    { thresholding: true, dynamic_thresholding_ratio: 0.9, sample_max_value: 2 },
    { sample: { clip: { name: "dynamic-threshold", ratio: 0.9, max: 2 } } },
  ],
  ["DDPMScheduler", { sample_max_value: 0.5 }, '"sample_max_value" is 0.5, expected at least 1.'],
  ["DDPMScheduler", { prediction_type: "sample" }, { parameterization: "x0" }],
  ["DDPMScheduler", { prediction_type: "v_prediction" }, { parameterization: "v" }],
  ["DDPMScheduler", { predict_epsilon: false }, { parameterization: "x0" }],
  ["DDPMScheduler", { timestep_spacing: "trailing" }, { sample: { spacing: "trailing" } }],
  ["DDPMScheduler", { timestep_spacing: "linspace" }, { sample: { spacing: "linspace" } }],
  ["DDPMScheduler", { steps_offset: 1 }, { sample: { spacing: { name: "leading", offset: 1 }, steps: 999 } }],
  ["DDPMScheduler", { steps_offset: 1000 }, '"steps_offset" leaves no step of the 1000 in the chain.'],
  ["DDPMScheduler", { rescale_betas_zero_snr: true }, { schedule: { name: "zero-terminal", of: linear } }],
  ["DDPMScheduler", { beta_strat: 0.001 }, '"beta_strat" is no known field of DDPMScheduler'],
  ["DDPMScheduler", { skip_prk_steps: true, set_alpha_to_one: false }, { sample: { sampler: ddpm } }],
  [
    "DDIMScheduler",
    { set_alpha_to_one: false },
    { sample: { sampler: { name: "ddim", toFirstStep: true } } },
  ],
  ["DDIMScheduler", { set_alpha_to_one: 0 }, '"set_alpha_to_one" is 0, expected a value of type boolean.'],
  ["DDIMScheduler", { beta_schedule: "sigmoid" }, '"beta_schedule" is "sigmoid"'],
  ["DDIMScheduler", { clip_sample: false }, { sample: { clip: false } }],
  [
    "DDIMScheduler",
    { clip_sample_range: 3 },
    { sample: { clip: { name: "clip", min: -3, max: 3, ...kept } } },
  ],
  [
    "DDIMScheduler",
    { thresholding: true },
    { sample: { clip: { name: "dynamic-threshold", max: 1, ...kept } } },
  ],
  ["DDIMScheduler", { num_train_timesteps: 20 }, { schedule: { steps: 20 }, sample: { steps: 20 } }],
  ["DDIMScheduler", { steps_offset: 1 }, { sample: { spacing: { name: "leading", offset: 1 }, steps: 50 } }],
  ["DDIMScheduler", { variance_type: "learned" }, { sample: { sampler: "ddim" } }],
  [
    "PNDMScheduler",
    { skip_prk_steps: true, clip_sample: true, steps_offset: 1 },
    {
      sample: {
        sampler: { name: "pndm", start: "improved-euler", toFirstStep: true },
        ...{ clip: false, spacing: { name: "leading", offset: 1 }, steps: 50 },
      },
    },
  ],
  [
    "PNDMScheduler",
    { set_alpha_to_one: true, prediction_type: "v_prediction" },
    { parameterization: "v", sample: { sampler: { name: "pndm", start: "runge-kutta", average: "v" } } },
  ],
  [
    "PNDMScheduler",
    { prediction_type: "sample" },
    '"prediction_type" is "sample", expected epsilon, v_prediction',
  ],
];

test.each(table)("%s with %j decides %j", (name, fields, decides) => {
  if (typeof decides === "string") expect(() => read(name, fields)).toThrow(decides);
  else expect(read(name, fields)).toMatchObject(decides);
});

test.each([
  "DPMSolverMultistepScheduler",
  "EulerDiscreteScheduler",
  "UniPCMultistepScheduler",
  "EDMDPMSolverMultistepScheduler",
])("%s is refused by its class name, with what to do", (name) => {
  expect(() => read(name)).toThrow(
    `"_class_name" is "${name}", expected one of DDPMScheduler, DDIMScheduler, PNDMScheduler.`,
  );
});

test("what is no object of fields is refused", () => {
  for (const json of [null, [], "DDPM"])
    expect(() => readScheduler(json, "file")).toThrow("an object of fields");
  expect(() => readScheduler({}, "file")).toThrow(
    "expected one of DDPMScheduler, DDIMScheduler, PNDMScheduler",
  );
});

test("an offset of 1 gives steps 981 … 1 of 50, and every step but one of all", () => {
  const { schedule, sample } = read("DDPMScheduler", { steps_offset: 1 });
  const chain = schedules.create(schedule as { name: string });
  const spacing = spacings.create(sample.spacing as { name: string });
  const steps = (n: number) => [...spacing.times(n, chain)].slice(0, -1).map((t) => stepOfTime(t, 1000));
  expect(steps(50)).toEqual(Array.from({ length: 50 }, (_, i) => 981 - 20 * i));
  expect(steps(sample.steps)).toEqual(Array.from({ length: 999 }, (_, i) => 999 - i));
});

describe("an exported scheduler", () => {
  const exported = (sample: object, more: object = {}) =>
    writeScheduler({ ...run, schedule: "linear", ...more, sample: { ...run.sample, ...sample } });

  test("of ddim is DDIM's, and says how to call its pipeline", () => {
    const { config, pipeline, call, differs } = exported({ sampler: { name: "ddim", eta: 0.5 }, steps: 20 });
    expect(config).toMatchObject({ _class_name: "DDIMScheduler", timestep_spacing: "trailing" });
    expect(pipeline).toBe("DDIMPipeline");
    expect(call).toEqual({ num_inference_steps: 20, eta: 0.5, use_clipped_model_output: true });
    expect(differs).toEqual([]);
  });

  test.each([
    ["quadratic", 50],
    ["karras", 10],
    [{ name: "list", steps: [700, 3, 0] }, 3],
    ["even", 30],
  ])("says that diffusers has no spacing like %j with %i steps", (spacing, steps) => {
    const { config, differs } = exported({ spacing, steps });
    const name = typeof spacing === "string" ? spacing : spacing.name;
    expect(config).toMatchObject({ timestep_spacing: "leading" });
    expect(differs).toEqual([
      expect.stringContaining(`spacing ${name} with ${steps} steps is leading in diffusers`),
    ]);
  });

  test("takes a name of diffusers for the same steps under another name", () => {
    expect(exported({ spacing: "even", steps: 20 })).toMatchObject({
      config: { timestep_spacing: "trailing" },
      differs: [],
    });
    const all = { spacing: { name: "leading", offset: 1 }, steps: 50 };
    expect(exported(all)).toMatchObject({
      config: { timestep_spacing: "leading", steps_offset: 1 },
      differs: [],
    });
  });

  test("says where DDIM's strides miss the steps, and DDPM's do not", () => {
    const stride = expect.stringContaining("DDIMScheduler goes down 100 steps each time");
    expect(exported({ spacing: "linspace", steps: 10 }).differs).toEqual([stride]);
    expect(exported({ spacing: "trailing", steps: 30 }).differs).toHaveLength(1);
    expect(exported({ spacing: "linspace", steps: 10, sampler: "ddpm" }).differs).toEqual([]);
  });

  test.each([
    [{ sampler: "heun" }, "sampler heun is ddpm in diffusers"],
    [{ sampler: { name: "euler", churn: 40 } }, "sampler euler is ddpm in diffusers"],
    [
      { sampler: { name: "ddpm", variance: "learned-range" } },
      "the variance learned-range of ddpm is fixed_small",
    ],
    [
      { sampler: { name: "ddpm", variance: "fixed-large", lastNoise: true } },
      "diffusers adds no noise at step 0",
    ],
    [{ sampler: { name: "ddim", eta: 1, noiseScale: 2 } }, "noiseScale 2 of ddim is 1 in diffusers"],
    [{ clip: { name: "clip", min: 0, max: 1 } }, "clipping to [0, 1] is [-1, 1] in diffusers"],
  ])("of %j says what differs", (sample, expected) => {
    expect(exported({ ...sample, steps: 20 }).differs).toEqual([expect.stringContaining(expected)]);
  });

  test.each([
    ["DDPMScheduler", { variance_type: "fixed_large", timestep_spacing: "trailing" }],
    ["DDPMScheduler", { clip_sample_range: 2, beta_schedule: "laplace", timestep_spacing: "linspace" }],
    ["DDIMScheduler", { set_alpha_to_one: false, steps_offset: 1, clip_sample: false }],
    ["DDIMScheduler", { thresholding: true, dynamic_thresholding_ratio: 0.9, sample_max_value: 3 }],
    [
      "DDIMScheduler",
      { prediction_type: "v_prediction", rescale_betas_zero_snr: true, timestep_spacing: "trailing" },
    ],
  ])("%s with %j comes back as it was", (name, fields) => {
    const { config, differs } = writeScheduler({ ...run, ...read(name, fields) });
    expect(config).toMatchObject({ _class_name: name, ...fields });
    expect(differs).toEqual([]);
  });
});

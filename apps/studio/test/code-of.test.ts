import { type Denoiser, type Params, random } from "@ddpm/core";
import { classifierFree, denoiseWith, parameterizations, wrappers } from "@ddpm/diffusion";
import { schedules, spacings } from "@ddpm/schedules";
import { textTransformer, withText, wordTokenizer } from "@ddpm/text";
import { denoisers } from "@ddpm/unet";
import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-cpu";
import { beforeAll, describe, expect, it } from "vitest";
import type { SampleTask } from "../src/engine/jobs/sample/sample-input.ts";
import { trajectory } from "../src/engine/jobs/sample/trajectories.ts";
import type { SampleSettings } from "../src/panels/sample/settings.ts";

const shape = [4, 4, 1] as const;
const denoiser = denoisers.create({
  name: "ho",
  channels: 1,
  width: 8,
  multipliers: [1],
  blocks: 1,
  attention: [],
  classes: 2,
});
/** Numbers for every parameter, so that what was never trained has something to say. */
function paramsOf({ specs }: Denoiser): Params {
  return Object.fromEntries(
    specs.map(({ name, shape }) => {
      const numbers = random(1)
        .fork(name)
        .normals(shape.reduce((a, b) => a * b, 1));
      return [
        name,
        tf.tensor(
          numbers.map((value) => 0.2 * value),
          [...shape],
        ),
      ];
    }),
  );
}
const params = paramsOf(denoiser);
const run = {
  ...{ denoiser, params },
  parameterization: parameterizations.create("v"),
  schedule: schedules.create("cosine"),
};
const numbers = (seed: number): Float32Array => random(seed).normals(16).map(Math.tanh);
const given = {
  picture: numbers(5),
  pictures: [numbers(6), numbers(7)],
  keep: Float32Array.from({ length: 16 }, (_, i) => i % 2),
};

/** Runs the code that the panel hands out, with the run that it says it needs. */
async function ran(code: string, own: object = {}): Promise<Float32Array> {
  const body = code.replace(
    /^import (?:\* as (\w+)|(\{.*\})) from (".*");$/gm,
    (_all, space, names, from) => `const ${space ?? names} = await load(${from});`,
  );
  const load = (from: string): Promise<unknown> =>
    from === "@tensorflow/tfjs-core" ? import("@tensorflow/tfjs-core") : modules[from]!();
  const scope = { ...run, ...given, ...own, height: shape[0], width: shape[1], channels: shape[2], load };
  const call = new Function(
    ...Object.keys(scope),
    `return (async () => { ${body} return images.data(); })();`,
  );
  return (await call(...Object.values(scope))) as Float32Array;
}

const modules: Readonly<Record<string, () => Promise<unknown>>> = {
  "@ddpm/core": () => import("@ddpm/core"),
  "@ddpm/diffusion": () => import("@ddpm/diffusion"),
  "@ddpm/schedules": () => import("@ddpm/schedules"),
  "@ddpm/text": () => import("@ddpm/text"),
};

/** The last frame of the page's own trajectory. */
async function lastFrame(
  task: SampleTask,
  { steps, seed, count, stages, samplers }: SampleSettings,
): Promise<Float32Array> {
  const size = task.kind === "mix" ? stages : count;
  const labels = task.kind === "noise" || task.kind === "edit" ? [0, 1, 0] : undefined;
  const condition = labels ? { labels: tf.tensor1d(labels, "int32") } : {};
  const ground = {
    ...{ task, seed, shape, count: size, schedule: run.schedule, selfCondition: false },
    times: spacings.create("trailing").times(steps, run.schedule),
    signal: new AbortController().signal,
    denoise: (_count: number, clipped: boolean) => {
      const conditional = denoiseWith({ ...run, condition });
      const plain = labels
        ? classifierFree({ conditional, unconditional: denoiseWith(run), scale: 2 })
        : conditional;
      return clipped ? wrappers.create("clip")(plain) : plain;
    },
  };
  let last: Float32Array | undefined;
  for await (const { x } of trajectory(ground, { name: samplers[0]!.name, ...samplers[0]!.options })) {
    last = (await x.data()) as Float32Array;
  }
  return last!;
}

describe("the code of the sample panel", () => {
  let codeOf: (settings: SampleSettings, classes: number) => string;
  let defaults: SampleSettings;
  beforeAll(async () => {
    // The panel's settings live in an address.
    Object.assign(globalThis, {
      location: { hash: "" },
      history: { replaceState() {} },
      addEventListener() {},
    });
    ({ codeOf } = await import("../src/panels/sample/drawing/code-of.ts"));
    const { settings } = await import("../src/panels/sample/settings.ts");
    defaults = { ...settings.peek(), steps: 4, count: 3, stages: 3, seed: 11, seed2: 12 };
  });

  const [a, b] = given.pictures as [Float32Array, Float32Array];
  const cases: readonly (readonly [string, Partial<SampleSettings>, SampleTask])[] = [
    ["from noise", {}, { kind: "noise" }],
    [
      "from a picture",
      { task: "edit", strength: 0.5 },
      { kind: "edit", picture: given.picture, strength: 0.5 },
    ],
    [
      "a part of a picture",
      { task: "paint", jump: 1, repeats: 2, picture: { builtIn: "star" } },
      { kind: "paint", picture: given.picture, keep: given.keep, jump: 1, repeats: 2 },
    ],
    ["between two seeds", { task: "mix" }, { kind: "mix", ends: { seeds: [11, 12] } }],
    [
      "between two pictures",
      { task: "mix", between: "pictures" },
      { kind: "mix", ends: { pictures: [a, b] } },
    ],
  ];
  it.each(cases)("draws %s as the page does", async (_name, part, task) => {
    const settings = { ...defaults, ...part };
    const [theirs, ours] = [await ran(codeOf(settings, 2)), await lastFrame(task, settings)];
    expect(theirs.length).toBe(3 * 16);
    expect([...theirs]).toEqual([...ours]);
    expect(new Set(theirs).size).toBeGreaterThan(10);
  });

  it("draws what a prompt says", async () => {
    const tokenizer = wordTokenizer({ words: ["red", "star"], length: 4 });
    const textModel = textTransformer({
      vocabulary: tokenizer.size,
      length: 4,
      width: 8,
      layers: 1,
      heads: 2,
    });
    const network = {
      name: "ho",
      channels: 1,
      width: 8,
      multipliers: [1],
      blocks: 1,
      attention: [0],
      context: 8,
    };
    const reading = withText({ denoiser: denoisers.create(network), textModel, tokenizer });
    const own = { denoiser: reading, params: paramsOf(reading), tokenizer };
    const drawn = (prompt: string): Promise<Float32Array> => ran(codeOf({ ...defaults, prompt }, 0), own);
    const [red, again, star] = [await drawn("red"), await drawn("red"), await drawn("star")];
    expect([...red]).toEqual([...again]);
    expect([...red]).not.toEqual([...star]);
  });
});

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Denoiser, INFERENCE, momentAt, type Params, random } from "@ddpm/core";
import { denoiseWith, parameterizations } from "@ddpm/diffusion";
import { onnxModel } from "@ddpm/exchange/onnx";
import { saveCheckpoint } from "@ddpm/runs";
import { fsStorage } from "@ddpm/runs/node";
import { schedules } from "@ddpm/schedules";
import { disposeState, initialState, optimizers } from "@ddpm/trainer";
import { denoisers } from "@ddpm/unet";
import * as tf from "@tensorflow/tfjs";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { beforeAll, describe, expect, test } from "vitest";
import { exportAsOnnx } from "../src/commands/export-onnx.ts";
import { createReporter } from "../src/output/create-reporter.ts";
import { ddpm, temporaryFolder } from "./support/command.ts";
import { smallRun } from "./support/small-run.ts";

beforeAll(async () => {
  await tf.setBackend("cpu");
});

const small = { channels: 2, width: 8, multipliers: [1, 2], blocks: 1, groups: 4 };

/** Small networks that use every kind of layer. */
const options: Readonly<Record<string, object>> = {
  ho: { ...small, attention: [0], heads: 2, classes: 3 },
  annotated: { channels: 1, dim: 6, dimMults: [1, 2], norm: "layer" },
  "annotated-later": { channels: 1, dim: 4, dimMults: [1, 2], selfCondition: true },
  labml: { nChannels: 8, chMults: [1, 2], isAttn: [false, true], nBlocks: 1, groups: 4, headGroups: 2 },
  dataflowr: { channels: 1, width: 2, timeEmbDim: 6 },
  nano: { size: 8, width: 2, timeEmbDim: 6 },
  lucidrains: { dim: 4, dimMults: [1, 2], attnHeads: [1, 2], attnDimHead: 4, learnedVariance: true },
  guided: {
    ...{ channels: 2, modelChannels: 8, channelMult: [1, 2], numResBlocks: 1, groups: 4 },
    imageChannels: 1,
    attentionResolutions: [2],
    numHeadChannels: 4,
    numClasses: 3,
    useScaleShiftNorm: true,
    resblockUpdown: true,
    learnsVariance: true,
  },
  unet2d: {
    channels: 1,
    blockOutChannels: [8, 12],
    layersPerBlock: 1,
    downBlockTypes: ["DownBlock2D", "AttnDownBlock2D"],
    attentionHeadDim: 4,
    normNumGroups: 4,
  },
  song: {
    channels: 1,
    modelChannels: 8,
    channelMult: [1, 2],
    numBlocks: 1,
    labelDim: 3,
    augmentDim: 2,
    embeddingType: "fourier",
    resampleFilter: [1, 3, 3, 1],
  },
  dhariwal: {
    ...{ channels: 1, modelChannels: 8, channelMult: [1, 2], numBlocks: 1 },
    ...{ attnResolutions: [], labelDim: 3 },
  },
  dit: {
    ...{ channels: 1, inputSize: [4, 6], depth: 1, hiddenSize: 16, numHeads: 2 },
    ...{ numClasses: 3, learnSigma: true },
  },
  "unet2d-condition": {
    ...{ channels: 2, blockOutChannels: [8, 12], layersPerBlock: 1, normNumGroups: 4 },
    ...{ crossAttentionDim: 6, attentionHeadDim: 4 },
    downBlockTypes: ["CrossAttnDownBlock2D", "DownBlock2D"],
    upBlockTypes: ["UpBlock2D", "CrossAttnUpBlock2D"],
  },
  mlp: { width: 12 },
  pointwise: { contextDim: 4, widths: [8, 12] },
  "lucidrains-1d": {
    ...{ channels: 2, dim: 8, dimMults: [1, 2], attnDimHead: 4, attnHeads: 2, selfCondition: true },
  },
  unet1d: {
    ...{ blockOutChannels: [32, 32], timeEmbeddingDim: 8 },
    downBlockTypes: ["DownBlock1DNoSkip", "AttnDownBlock1D"],
    upBlockTypes: ["AttnUpBlock1D", "UpBlock1DNoSkip"],
  },
};

const shapeOf = ({ axes, channels, size, multiple }: Denoiser, name: string): number[] => {
  if (axes === 1) return [4 * multiple, channels];
  const lengths =
    size ?? (name === "mlp" ? [1, 1] : name === "dataflowr" ? [16, 17] : [2 * multiple, 3 * multiple]);
  return [...lengths, channels];
};

/** Weights that let every layer say something: fresh ones leave the last convolutions at zero. */
function weights(denoiser: Denoiser, spread = 0.1): Params {
  const stream = random(5);
  return Object.fromEntries(
    Object.entries(denoiser.init(random(1))).map(([name, value]) => {
      const noise = Float32Array.from({ length: value.size }, () => spread * stream.normal());
      const moved =
        name.endsWith("variance") || name.endsWith("table")
          ? value
          : tf.add(value, tf.tensor(noise, value.shape));
      return [name, moved];
    }),
  );
}

/** Tokens of an exported context. */
const TOKENS = 77;

/** A context of which every third token is hidden. */
function contextOf(context: tf.Tensor): Record<string, tf.Tensor> {
  const batch = context.shape[0]!;
  const seen = Array.from({ length: batch * TOKENS }, (_, i) => (i % 3 === 0 ? 0 : 1));
  return { context, contextMask: tf.tensor2d(seen, [batch, TOKENS], "int32") };
}

function inputsOf(denoiser: Denoiser, shape: readonly number[], batch: number): Record<string, tf.Tensor> {
  const stream = random(batch);
  const normal = (sizes: number[]): tf.Tensor =>
    tf.tensor(
      Float32Array.from({ length: tf.util.sizeFromShape(sizes) }, () => stream.normal()),
      sizes,
    );
  return {
    x: normal([batch, ...shape]),
    ...(denoiser.classes
      ? {
          labels: tf.tensor1d(
            Array.from({ length: batch }, (_, i) => i % 4),
            "int32",
          ),
        }
      : {}),
    ...(denoiser.imageChannels
      ? { image: normal([batch, ...shape.slice(0, -1), denoiser.imageChannels]) }
      : {}),
    ...(denoiser.takesGuess ? { guess: normal([batch, ...shape]) } : {}),
    ...(denoiser.vector ? { vector: normal([batch, denoiser.vector]) } : {}),
    ...(denoiser.context ? contextOf(normal([batch, TOKENS, denoiser.context])) : {}),
  };
}

async function run(
  session: InferenceSession,
  inputs: Readonly<Record<string, tf.Tensor>>,
): Promise<Record<string, Float32Array>> {
  const feeds = Object.fromEntries(
    Object.entries(inputs).map(([name, tensor]) => [
      name,
      new Tensor(tensor.dtype as "float32", tensor.dataSync() as Float32Array, tensor.shape),
    ]),
  );
  const results = await session.run(feeds);
  return Object.fromEntries(Object.entries(results).map(([name, { data }]) => [name, data as Float32Array]));
}

function worst(got: Float32Array, expected: tf.Tensor): number {
  const values = expected.dataSync();
  expect(got.length).toBe(values.length);
  return got.reduce((most, value, i) => Math.max(most, Math.abs(value - values[i]!)), 0);
}

const chain = {
  schedule: schedules.create({ name: "cosine", steps: 50 }),
  parameterization: parameterizations.create("v"),
};

test("every registered denoiser has its small network here", () => {
  expect(Object.keys(options).sort()).toEqual([...denoisers.names].sort());
});

describe.each(Object.keys(options))("%s", (name) => {
  test("ONNX Runtime gives the original's output for any batch", async () => {
    const denoiser = denoisers.create({ name, ...options[name] });
    const [params, shape] = [weights(denoiser), shapeOf(denoiser, name)];
    const bytes = await onnxModel({
      ...chain,
      denoiser,
      params,
      shape,
      what: "network",
      steps: 0,
      metadata: {},
    });
    const session = await InferenceSession.create(bytes);
    for (const batch of [1, 3]) {
      const { x, ...condition } = inputsOf(denoiser, shape, batch);
      const noise = tf.tensor1d(Array.from({ length: batch }, (_, i) => 7 * i + 3));
      const expected = denoiser.apply(params, x as tf.Tensor4D, noise, condition, INFERENCE);
      const { output } = await run(session, { x: x!, noise, ...condition });
      expect(worst(output!, expected)).toBeLessThan(1e-4);
      expect(tf.sqrt(tf.moments(expected).variance).dataSync()[0]).toBeGreaterThan(5e-3);
    }
    tf.dispose(params);
  });
});

test.each(["guided", "annotated-later"])(
  "the denoiser made of %s finds x0 and eps of a step",
  async (name) => {
    const denoiser = denoisers.create({ name, ...options[name] });
    const [params, shape] = [weights(denoiser), shapeOf(denoiser, name)];
    const bytes = await onnxModel({
      ...chain,
      denoiser,
      params,
      shape,
      what: "denoiser",
      steps: 0,
      metadata: {},
    });
    const session = await InferenceSession.create(bytes);
    const { x, guess, ...condition } = inputsOf(denoiser, shape, 3);
    for (const step of [0, 30]) {
      const at = momentAt(chain.schedule, (step + 1) / 50);
      const denoise = denoiseWith({ ...chain, denoiser, params, condition });
      const expected = denoise(x as tf.Tensor4D, at, guess as tf.Tensor4D | undefined);
      const steps = tf.fill([3], step, "int32");
      const got = await run(session, { x: x!, step: steps, ...condition, ...(guess ? { guess } : {}) });
      expect(Object.keys(got).sort()).toEqual(Object.keys(expected).sort());
      for (const [key, tensor] of Object.entries(expected))
        expect(worst(got[key]!, tensor)).toBeLessThan(1e-4);
    }
  },
);

describe("ddpm export --to onnx", () => {
  const folder = temporaryFolder();
  const trained = join(folder, "run");
  const denoiser = denoisers.create(smallRun.denoiser);
  const { x } = inputsOf(denoiser, [16, 16, 3], 2);
  const noise = tf.tensor1d([4, 90]);
  const outputs = {} as Record<"raw" | "ema", tf.Tensor>;

  beforeAll(async () => {
    const options = { denoiser, optimizer: optimizers.create("adam"), seed: 1 };
    const state = {
      ...initialState(options),
      params: weights(denoiser),
      ema: weights(denoiser, 0.2),
      images: 8,
    };
    for (const [name, params] of [
      ["raw", state.params],
      ["ema", state.ema],
    ] as const) {
      outputs[name] = denoiser.apply(params, x as tf.Tensor4D, noise, {}, INFERENCE);
    }
    await saveCheckpoint(fsStorage(trained), state, { shape: [16, 16, 3] });
    writeFileSync(join(trained, "config.json"), JSON.stringify(smallRun));
    disposeState(state);
  });

  const output = async (path: string): Promise<Float32Array> =>
    (await run(await InferenceSession.create(readFileSync(path)), { x: x!, noise })).output!;

  test("writes the averaged weights of a run with what belongs to them", async () => {
    const out = join(folder, "new", "ema.onnx");
    const { code, events } = await ddpm(
      "export",
      trained,
      "--to",
      "onnx",
      "--what",
      "network",
      "--out",
      out,
      "--json",
    );
    const bytes = readFileSync(out);
    expect([code, events.at(-1)]).toEqual([0, { event: "done", out, bytes: bytes.length, what: "network" }]);
    expect(bytes.toString("latin1")).toMatch(/weights.*ema.*parameterization.*"eps".*range.*\[-1, 1\]/s);
    expect(worst(await output(out), outputs.ema)).toBeLessThan(1e-5);
    expect(worst(await output(out), outputs.raw)).toBeGreaterThan(1e-3);
  });

  test("writes the weights as trained, or the denoiser, in another call", async () => {
    const reporter = createReporter(true);
    const flags = { checkpoint: "latest", what: "network", raw: true, out: join(folder, "raw.onnx") };
    await exportAsOnnx(trained, flags, reporter);
    expect(worst(await output(flags.out), outputs.raw)).toBeLessThan(1e-5);
    const out = join(folder, "denoiser.onnx");
    await exportAsOnnx(trained, { checkpoint: "latest", what: "denoiser", out }, reporter);
    const session = await InferenceSession.create(readFileSync(out));
    expect(session.outputNames).toEqual(["x0", "eps"]);
  });

  test.each<[string, object, RegExp]>([
    ["another ending", { out: "x.bin" }, /ends in .onnx/],
    ["another function", { out: "x.onnx", what: "all" }, /network or denoiser/],
    ["a checkpoint that is not there", { out: "x.onnx", checkpoint: "77" }, /77/],
  ])("refuses %s, and leaves nothing behind", async (_what, change, message) => {
    const flags = { checkpoint: "latest", what: "network", out: "", ...change };
    const before = readdirSync(folder);
    const out = join(folder, flags.out);
    await expect(exportAsOnnx(trained, { ...flags, out }, createReporter(true))).rejects.toThrow(message);
    expect(readdirSync(folder)).toEqual(before);
  });
});

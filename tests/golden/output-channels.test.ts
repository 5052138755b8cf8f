import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { beforeAll, expect, test } from "vitest";
import { useBackend } from "../../packages/backends/src/node/index.ts";
import { INFERENCE, type Params, random } from "../../packages/core/src/index.ts";
import { exportWeights, families } from "../../packages/exchange/src/index.ts";
import { denoisers } from "../../packages/unet/src/index.ts";
import { readSafetensors, type SafeTensor, writeSafetensors } from "../../packages/weights/src/index.ts";
import { runFile } from "./unets.ts";

beforeAll(() => useBackend("wasm", {}));

const folder = mkdtempSync(join(tmpdir(), "output-channels-"));

interface Reference {
  readonly reference: string;
  readonly source: string;
  readonly family: string;
  /** Arguments of the constructor, apart from the channels. */
  readonly given: Readonly<Record<string, unknown>>;
  readonly taking: string;
  readonly making: string;
  /** Our names of the last layer's kernel and bias. */
  readonly head: readonly string[];
}

const head = ["out.conv.kernel", "out.conv.bias"];

const references: readonly Reference[] = [
  {
    ...{ reference: "huggingface/diffusers", source: "unet_2d.py", family: "diffusers", head },
    ...{ taking: "in_channels", making: "out_channels" },
    given: {
      ...{ block_out_channels: [4], norm_num_groups: 2, layers_per_block: 1, add_attention: false },
      ...{ down_block_types: ["DownBlock2D"], up_block_types: ["UpBlock2D"] },
    },
  },
  {
    ...{ reference: "openai/guided-diffusion", source: "guided_diffusion/unet.py", family: "openai", head },
    ...{ taking: "in_channels", making: "out_channels" },
    given: { model_channels: 32, num_res_blocks: 1, attention_resolutions: [], channel_mult: [1] },
  },
  {
    ...{ reference: "NVlabs/edm", source: "training/networks.py, SongUNet", family: "edm" },
    ...{ taking: "in_channels", making: "out_channels" },
    head: ["up.0.out.conv.kernel", "up.0.out.conv.bias"],
    given: { img_resolution: 4, model_channels: 8, channel_mult: [1], num_blocks: 1, attn_resolutions: [] },
  },
  {
    ...{ reference: "lucidrains/denoising-diffusion-pytorch", source: "denoising_diffusion_pytorch.py" },
    ...{ family: "lucidrains", taking: "channels", making: "out_dim", head },
    given: { dim: 4, dim_mults: [1], attn_heads: 1, attn_dim_head: 4 },
  },
  {
    ...{ reference: "huggingface/notebooks", source: "examples/annotated_diffusion.ipynb", head },
    ...{ family: "annotated", taking: "channels", making: "out_dim" },
    given: { dim: 4, dim_mults: [1], use_convnext: false, resnet_block_groups: 2 },
  },
  {
    ...{ reference: "dataflowr/notebooks", source: "Module18/ddpm_nano_sol.ipynb", family: "dataflowr-nano" },
    ...{ taking: "in_c", making: "out_c", head: ["out.kernel", "out.bias"] },
    given: { size: 8, n_steps: 5, time_emb_dim: 4 },
  },
];

/** Numbers in the reference's layout, from our [B, H, W, C]. */
async function channelsFirst(value: tf.Tensor): Promise<SafeTensor> {
  const turned = tf.transpose(value, [0, 3, 1, 2]);
  const data = Float32Array.from(await turned.data<"float32">());
  return { dtype: "F32", shape: turned.shape, data };
}

/**
 * A case of a network with `made` channels out for `taken` in: its numbers are those of the network with as many out as
 * in whose output channels are repeated, or left out, after the fact; its last layer has the same channels of the kernel.
 */
async function writeCase(one: Reference, taken: number, made: number): Promise<string> {
  const { family, given, taking, making } = one;
  const built = { ...given, [taking]: taken, [making]: made };
  const { spec, names } = families.create({ name: family, ...built });
  const same = families.create({ name: family, ...given, [taking]: taken, [making]: taken });
  const plain = denoisers.create(same.spec);
  const start = plain.init(random(1));
  const params: Params = Object.fromEntries(
    plain.specs.map(({ name, shape, trainable }) => {
      const drawn = random(2).fork(name);
      const numbers = drawn.normals(shape.reduce((product, length) => product * length, 1));
      const moved = tf.tensor(
        numbers.map((value) => value / 4),
        [...shape],
      );
      return [name, trainable ? moved : start[name]!];
    }),
  );
  const picked = tf.tensor1d(
    Array.from({ length: made }, (_, i) => i % taken),
    "int32",
  );
  const pick = (value: tf.Tensor): tf.Tensor => tf.gather(value, picked, value.rank - 1);
  const x = tf.tensor4d(random(3).normals(2 * 64 * taken), [2, 8, 8, taken]);
  const noise = tf.tensor1d([1, 4]);
  const f = (x: tf.Tensor): tf.Tensor => pick(plain.apply(params, x as tf.Tensor4D, noise, {}, INFERENCE));
  const dx = tf.grad((x) => tf.mean(tf.square(f(x))))(x);
  const last = Object.fromEntries(one.head.map((name) => [name, pick(params[name]!)]));
  const weights = await exportWeights(denoisers.create(spec), names, { ...params, ...last });
  const tensors: Record<string, SafeTensor> = {
    ...weights,
    "golden.input.x": await channelsFirst(x),
    "golden.input.t": { dtype: "F32", shape: [2], data: Float32Array.of(1, 4) },
    "golden.output": await channelsFirst(f(x)),
    "golden.grad_input.x": await channelsFirst(dx),
  };
  const fixed = new Set(plain.specs.filter(({ trainable }) => !trainable).map((ours) => names(ours).name));
  const kind = (name: string): string =>
    fixed.has(name) || name in (names.constants ?? {}) ? "buffer" : "parameter";
  const state = Object.entries(weights).map(([name, { shape }]) => ({ name, shape, kind: kind(name) }));
  const file = {
    ...{ name: family, reference: one.reference, source: one.source, constructor: built },
    parameter_count: state
      .filter(({ kind }) => kind === "parameter")
      .reduce((sum, { shape }) => sum + shape.reduce((product, length) => product * length, 1), 0),
    weights: "stored under their state-dict names",
    state_dict: state,
    output_shape: [2, made, 8, 8],
  };
  const path = join(folder, `${family}-${taken}-${made}.json`);
  writeFileSync(path, JSON.stringify(file));
  writeFileSync(path.replace(/json$/, "safetensors"), writeSafetensors(tensors));
  return path;
}

const counts = [
  [1, 3],
  [2, 1],
  [2, 3],
  [2, 6],
  [3, 4],
  [3, 5],
  [4, 3],
] as const;

test.each(references)("$family: any number of channels out is compared", async (reference) => {
  for (const [taken, made] of counts) {
    const path = await writeCase(reference, taken, made);
    const { passed, failures, unsupported } = await runFile(path);
    expect([taken, made, failures, unsupported]).toEqual([taken, made, [], []]);
    expect(passed).toBe(5);
  }
});

test("a number of the last output channel that is off fails", async () => {
  const path = await writeCase(references[0]!, 3, 5);
  const weights = path.replace(/json$/, "safetensors");
  const { tensors } = readSafetensors(new Uint8Array(readFileSync(weights)));
  const output = tensors["golden.output"]!;
  const data = Float32Array.from(output.data as Float32Array, (value, i) =>
    i === 4 * 64 ? value + 0.01 : value,
  );
  writeFileSync(
    weights,
    writeSafetensors({ ...tensors, "golden.output": { dtype: "F32", shape: output.shape, data } }),
  );
  const { failures } = await runFile(path);
  expect(failures.map(({ id }) => id)).toEqual(["golden.output"]);
});

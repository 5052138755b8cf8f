import * as tf from "@tensorflow/tfjs";
import { latentSpace } from "../../../packages/autoencoder/src/index.ts";
import type { Denoise, NoiseLevel, Sampler } from "../../../packages/core/src/index.ts";
import { float32 } from "../../../packages/weights/src/index.ts";
import { memberOf } from "../declared.ts";
import { type Case, errorOf, slowCaseOf, unsupported } from "../result.ts";
import { mappings } from "../samplers.ts";
import { channelsFirst as flatFirst, type SamplingCase, type SamplingFile } from "../sampling/file.ts";
import { traceOf } from "../sampling/trace.ts";
import { channelsFirst } from "../unet-inputs.ts";
import { allowedBy, type PipelineCase } from "./case.ts";
import type { Inputs, Tensors } from "./inputs.ts";
import { guidedNetwork, type Seen } from "./network.ts";
import type { Parts } from "./parts.ts";
import { levelsOf, noised, type Start, startOf } from "./start.ts";
import { conditionsOf } from "./texts.ts";

/** Every state, the first call of the network, and the image of a run. */
export async function casesOfRun(
  parts: Parts,
  tensors: Tensors,
  inputs: Inputs,
  golden: PipelineCase,
): Promise<Case[]> {
  const { name } = golden;
  const stored = (what: string): Float32Array =>
    float32(tensors[`${name}.${what}`] ?? unsupported(`the file stores no ${name}.${what}`));
  const { states, seen, decoded } = await runOf(parts, inputs, golden);
  const wanted = stored("states");
  const size = wanted.length / tensors[`${name}.states`]!.shape[0]!;
  const { max_abs_dev_float64: deviations, max_abs_dev_float64_per_state: each = [], max_abs: most } = golden;
  const compare = (what: string, ours: Float32Array): Promise<Case> =>
    slowCaseOf(`${name} ${what}`, async () =>
      errorOf(ours, stored(what), { abs: allowedBy(deviations[what], most[what]) }),
    );
  const cases = states.map((state, i) =>
    slowCaseOf(`${name} state ${i}`, async () => {
      const theirs = wanted.subarray(i * size, (i + 1) * size);
      return errorOf(state, theirs, { abs: allowedBy(each[i] ?? deviations.states, most.states) });
    }),
  );
  const count = slowCaseOf(`${name} number of states`, async () =>
    states.length * size === wanted.length ? 0 : Number.POSITIVE_INFINITY,
  );
  const image = decoded.map((value) => Math.min(1, Math.max(0, value / 2 + 0.5)));
  return Promise.all([
    ...[count, ...cases],
    compare("first_network_input", seen.input),
    compare("first_network_output", seen.output),
    compare("decoded", decoded),
    compare("image", image),
  ]);
}

interface Run {
  /** After each step of the scheduler, [B, C, h, w] flat. */
  readonly states: readonly ArrayLike<number>[];
  readonly seen: Readonly<Record<"input" | "output", Float32Array>>;
  /** [B, 3, H, W] flat */
  readonly decoded: Float32Array;
}

async function runOf(parts: Parts, inputs: Inputs, golden: PipelineCase): Promise<Run> {
  const mapping =
    memberOf(mappings, `huggingface/diffusers ${golden.scheduler}`) ??
    unsupported(`no sampler is declared as ${golden.scheduler}`);
  const seen: Seen = { input: undefined, output: undefined };
  const start = startOf(parts, inputs, golden);
  const guided = guidedNetwork(parts, golden, conditionsOf(parts, inputs, golden), start.image, seen);
  const file = fileOf(golden, inputs, start, guided);
  const sampled = sampledCase(golden, start);
  const plan = mapping.plan(file, sampled);
  const kept = start.kept;
  const sampler = kept ? keeping(plan.sampler, golden, kept) : plan.sampler;
  const trace = await traceOf(file, sampled, { ...plan, sampler, scale: 1 });
  const states = mapping.states(trace, sampled).slice(1);
  const { network, params } = parts.autoencoder("vae");
  const space = latentSpace({ autoencoder: network, params, shift: 0 });
  const decoded = tf.tidy(() => {
    const [batch, channels, height, width] = sampled.shape;
    const z = tf.transpose(tf.tensor4d(trace.result, [batch, channels, height, width]), [0, 2, 3, 1]);
    return channelsFirst(space.decode(z as tf.Tensor4D));
  });
  const read = (x: tf.Tensor): Promise<Float32Array> => channelsFirst(x).data<"float32">();
  const found = { input: await read(seen.input!), output: await read(seen.output!) };
  tf.dispose([seen.input!, seen.output!]);
  return { states, seen: found, decoded: await decoded.data<"float32">() };
}

/** A case of samplers that goes through the steps of a pipeline. */
function sampledCase(golden: PipelineCase, { x }: Start): SamplingCase {
  const { scheduler, config, timesteps, sigmas, num_inference_steps, eta = 0 } = golden;
  const [batch, height, width, channels] = x.shape;
  return {
    ...{ id: golden.name, reference: "huggingface/diffusers", scheduler, model: "network", trajectory: [] },
    ...{ config, timesteps, num_inference_steps, step_arguments: { eta }, init_noise_sigma: 1 },
    ...(sigmas ? { sigmas: sigmas.slice(-timesteps.length - 1) } : {}),
    ...{ alphas_cumprod: "chain", shape: [batch, channels, height, width] },
  };
}

/** The file of that case: the network in place of a closed form, the start, and the noises that are left. */
function fileOf(
  golden: PipelineCase,
  { noises }: Inputs,
  { x, draws }: Start,
  guided: (x: tf.Tensor, t: number) => tf.Tensor,
): SamplingFile {
  const [count, ...each] = noises.shape as [number, ...number[]];
  const size = each.reduce((a, b) => a * b, 1);
  const [batch, height, width, channels] = x.shape;
  const shape = [batch, channels, height, width];
  const length = Number(golden.config.num_train_timesteps ?? 1000);
  let call = 0;
  return {
    models: {},
    // Levels of the closed forms: the network here has its own times.
    alphas_cumprod_tables: { chain: { data: new Array<number>(length).fill(0.5) } },
    cases: [],
    x_T: { shape, data: [...flatFirst(x.dataSync(), shape)] },
    noises: { shape: [count - draws, ...each], data: [...noises.data.slice(draws * size)] },
    network: (given: tf.Tensor) => guided(given, golden.timesteps[call++]!),
  };
}

/** A sampler after whose steps the kept part is that of the image, noised to the next step; at the end without noise. */
function keeping(sampler: Sampler, golden: PipelineCase, kept: NonNullable<Start["kept"]>): Sampler {
  const levels = levelsOf(golden);
  const mixed = (x: tf.Tensor, level: NoiseLevel): tf.Tensor =>
    tf.add(tf.mul(kept.keep, noised(kept.z, kept.noise, level)), tf.mul(tf.sub(1, kept.keep), x));
  // The first step of PNDM is two of its scheduler's.
  const more = golden.scheduler === "PNDMScheduler" ? 1 : 0;
  let step = 0;
  return {
    ...sampler,
    step(input) {
      let calls = 0;
      const denoise: Denoise = (x, level, guess) =>
        input.denoise(more === 1 && step === 0 && calls++ === 1 ? mixed(x, levels[1]!) : x, level, guess);
      const made = sampler.step({ ...input, denoise });
      return { ...made, x: mixed(made.x, levels[++step + more]!) };
    },
  };
}

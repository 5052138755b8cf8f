import * as tf from "@tensorflow/tfjs";
import { gaussianEntropy, standardNormalLogDensity } from "../../packages/autoencoder/src/index.ts";
import { INFERENCE, momentAt, type NoiseSchedule, type Params } from "../../packages/core/src/index.ts";
import {
  batchLoss,
  type LossInputs,
  lossColumns,
  tensorColumns,
} from "../../packages/diffusion/src/authoring.ts";
import { ddpm, denoiseWith, eps, l2, simple } from "../../packages/diffusion/src/index.ts";
import { pointnetNames } from "../../packages/exchange/src/authoring.ts";
import { importWeights } from "../../packages/exchange/src/index.ts";
import { schedules } from "../../packages/schedules/src/index.ts";
import { float32 } from "../../packages/weights/src/index.ts";
import {
  encoderOf,
  type PointsFile,
  pointwiseOf,
  stateOf,
  type Tensors,
  tensorOf,
} from "./points-networks.ts";
import { unsupported } from "./result.ts";
import { type Check, difference } from "./unets.ts";

/** What the JSON of a GaussianVAE says besides its networks. */
interface VaeFile extends PointsFile {
  readonly t: readonly number[];
  readonly kl_weight: number;
  readonly flexibility_of_chain: readonly number[];
}

type Numbers = Readonly<Record<string, number>>;

/** Losses with gradients, and chains, of a diffusion over points conditioned on a code. */
export async function vaeCases(given: PointsFile, tensors: Tensors): Promise<Check[]> {
  const file = given as VaeFile;
  const vae = partsOf(file, tensors);
  const stored = file.max_abs_dev_float64 as unknown as Numbers;
  const checks: Check[] = [];
  const compare = (name: string, ours: Float32Array): void => {
    const golden = tensors[`golden.${name}`] ?? unsupported(`the file stores no golden.${name}`);
    const dev = stored[name.replace(/^output\./, "").replace(/^grad\./, "grad ")];
    checks.push(difference(name, float32(golden), ours, dev));
  };
  const losses = tf.tidy(() => lossesOf(vae, vae.params));
  for (const [name, value] of Object.entries(losses))
    compare(`output.${name}`, await value.data<"float32">());
  const specs = vae.specs.filter(({ theirs }) => `golden.grad.${theirs}` in tensors);
  const grads = tf.grads((...all: tf.Tensor[]) => {
    const now = Object.fromEntries(specs.map(({ name }, i) => [name, all[i]!]));
    return lossesOf(vae, { ...vae.params, ...now }).vae_loss.asScalar();
  })(specs.map(({ name }) => vae.params[name]!));
  for (const [i, { theirs, shape, layout }] of specs.entries()) {
    const data = await grads[i]!.data<"float32">();
    compare(`grad.${theirs}`, layout.toTorch({ shape, data }).data);
  }
  for (const [k, flexibility] of file.flexibility_of_chain.entries()) {
    const states = tf.tidy(() => chainOf(vae, flexibility));
    compare(`output.chain${k}`, await states.data<"float32">());
    states.dispose();
  }
  const named = new Set(checks.map(({ id }) => `golden.${id}`));
  const missed = Object.keys(tensors).filter(
    (name) => /^golden\.(output|grad)\./.test(name) && !named.has(name),
  );
  if (missed.length > 0) checks.push({ id: `nothing computes ${missed.join(", ")}`, error: 1, allowed: 0 });
  tf.dispose([losses, grads, vae.params, vae.inputs, Object.values(vae.columns)]);
  return checks;
}

type Vae = ReturnType<typeof partsOf>;

function partsOf(file: VaeFile, tensors: Tensors) {
  const { latent_dim: zdim, residual, num_steps, beta_1, beta_T, sched_mode, ...strange } = file.constructor;
  if (Object.keys(strange).length > 0) unsupported(`nothing takes ${Object.keys(strange).join(", ")}`);
  if (sched_mode !== undefined && sched_mode !== "linear")
    unsupported(`the schedule ${String(sched_mode)} has no counterpart`);
  const encoder = encoderOf(file, { zdim });
  const { denoiser, names } = pointwiseOf(file, { context_dim: zdim, residual });
  const schedule = schedules.create({
    ...{ name: "linear", steps: num_steps, betaStart: beta_1, betaEnd: beta_T },
  } as never);
  const state = stateOf(file, tensors);
  const own = (prefix: string) =>
    Object.fromEntries(
      Object.entries(state).flatMap(([name, tensor]) =>
        name.startsWith(prefix) ? [[name.slice(prefix.length), tensor]] : [],
      ),
    );
  const [ofEncoder, ofNetwork] = ["encoder.", "diffusion.net."];
  const prefixed = (prefix: string, params: Params): Params =>
    Object.fromEntries(Object.entries(params).map(([name, value]) => [`${prefix}${name}`, value]));
  const params = {
    ...prefixed("encoder/", importWeights(encoder, pointnetNames, own(ofEncoder))),
    ...prefixed("network/", importWeights(denoiser, names, own(ofNetwork))),
  };
  const stored = [
    ...encoder.specs.map((spec) => ({ at: "encoder/", prefix: ofEncoder, spec, as: pointnetNames(spec) })),
    ...denoiser.specs.map((spec) => ({ at: "network/", prefix: ofNetwork, spec, as: names(spec) })),
  ];
  const specs = stored.map(({ at, prefix, spec, as }) => ({
    ...{ name: `${at}${spec.name}`, shape: spec.shape, theirs: `${prefix}${as.name}`, layout: as.layout },
  }));
  const inputNames = ["x", "latent_noise", "noise", "latent", "chain_noises"] as const;
  const inputs = Object.fromEntries(
    inputNames.map((name) => [name, tensorOf(tensors, `golden.input.${name}`)]),
  ) as Record<(typeof inputNames)[number], tf.Tensor>;
  const parameterization = eps({ time: "beta" });
  const times = file.t.map((step) => step / schedule.steps!);
  const columns = tensorColumns(lossColumns(times, { schedule, parameterization, weight: simple() }));
  return { file, encoder, denoiser, schedule, parameterization, params, specs, inputs, columns };
}

function part(params: Params, prefix: string): Params {
  return Object.fromEntries(
    Object.entries(params).flatMap(([name, value]) =>
      name.startsWith(prefix) ? [[name.slice(prefix.length), value]] : [],
    ),
  );
}

function lossesOf({ file, encoder, denoiser, inputs, columns }: Vae, params: Params) {
  const { x, latent_noise, noise, latent } = inputs;
  const ofCode = (code: tf.Tensor): tf.Scalar => {
    const batch: LossInputs = { x0: x, eps: noise, ...columns, vector: code as tf.Tensor2D };
    return batchLoss({ denoiser, loss: l2() }, part(params, "network/"), batch, INFERENCE).loss;
  };
  const { mean, logVariance } = encoder.apply(part(params, "encoder/"), x as tf.Tensor3D, INFERENCE);
  const code = tf.add(mean, tf.mul(tf.exp(tf.mul(logVariance, 0.5)), latent_noise));
  const [entropy, prior] = [gaussianEntropy(logVariance), referencePrior(code)];
  const divergence = tf.mean(tf.neg(tf.add(prior, entropy)));
  return {
    diffusion_loss: ofCode(latent),
    vae_loss: tf.add(tf.mul(divergence, file.kl_weight), ofCode(code)),
    entropy,
    log_prior: referencePrior(mean),
  };
}

/** The reference counts the constant of all F numbers for each of them; the gradient is the same. */
function referencePrior(code: tf.Tensor): tf.Tensor {
  const width = code.shape[1]!;
  return tf.sub(standardNormalLogDensity(code), (width * (width - 1) * Math.log(2 * Math.PI)) / 2);
}

/** Every state of a sampling run, from noise to points. */
function chainOf(
  { denoiser, schedule, parameterization, params, inputs }: Vae,
  flexibility: number,
): tf.Tensor {
  const condition = { vector: inputs.latent as tf.Tensor2D };
  const network = { denoiser, params: part(params, "network/"), parameterization, schedule, condition };
  const denoise = denoiseWith(network);
  const noises = tf.unstack(inputs.chain_noises);
  const sampler = ddpm({ mean: "eps", flexibility });
  const steps = stepsOf(schedule);
  const states = [noises[0]!];
  let memo: unknown;
  for (const index of Array.from({ length: steps }, (_, i) => i)) {
    const at = (step: number) => momentAt(schedule, step / steps);
    const [from, to] = [at(steps - index), at(steps - index - 1)];
    const x = states.at(-1)!;
    const step = { x, from, to, denoise, schedule, noise: () => noises[index + 1]! };
    const output = sampler.step({ ...step, history: [], index, count: steps, memo });
    memo = output.memo;
    states.push(output.x);
  }
  return tf.stack(states);
}

function stepsOf({ steps }: NoiseSchedule): number {
  return steps ?? unsupported("a schedule without steps");
}

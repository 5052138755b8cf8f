import * as tf from "@tensorflow/tfjs-core";
import { momentAt, type NoiseSchedule, type Random } from "../../../packages/core/src/index.ts";
import {
  bitsPerDim,
  clip,
  combine,
  ddpm,
  diffuse,
  edm,
  edmWeight,
  eps,
  greyLogLikelihood,
  guided,
  levelColumns,
  losses,
  normalCdf,
  normalKl,
  simple,
  snr,
  softMinSnr,
} from "../../../packages/diffusion/src/index.ts";
import { linear, schedules } from "../../../packages/schedules/src/index.ts";
import { type Case, caseOf, errorOf, slowCaseOf, unsupported } from "../result.ts";
import { channelsLast, type Stored } from "../sampling/file.ts";
import { exploding, timeOf } from "../sampling/ladders.ts";
import { improvedChain, snrs } from "./main.ts";
import { FLOAT32, FLOAT64, imageError, images, vectorError } from "./numbers.ts";
import { lossesOf, speaking } from "./objectives.ts";

type Part = Readonly<Record<string, never>>;
const stored = (value: unknown): Stored => value as Stored;

/** Noises images with levels of a schedule at steps. */
function noised(
  schedule: NoiseSchedule,
  steps: readonly number[],
  x0: tf.Tensor4D,
  noise: tf.Tensor4D,
): tf.Tensor4D {
  const { alpha, sigma } = levelColumns(
    steps.map((step) => momentAt(schedule, (step + 1) / schedule.steps!)),
  );
  return diffuse(x0, noise, tf.tensor1d(alpha), tf.tensor1d(sigma));
}

/** A diffusers schedule by its declared name. */
function diffusersChain(
  name: string,
  steps: number,
  options: Readonly<Record<string, unknown>>,
): NoiseSchedule {
  const names: Readonly<Record<string, string>> = {
    linear: "linear",
    scaled_linear: "scaled-linear",
    squaredcos_cap_v2: "cosine",
  };
  const { rescale_betas_zero_snr: zero, beta_start: betaStart, beta_end: betaEnd, ...rest } = options;
  if (Object.keys(rest).length > 0) unsupported(`the option ${Object.keys(rest)[0]} has no counterpart`);
  const spec = {
    name: names[name] ?? unsupported(`the schedule ${name} is not known`),
    steps,
    ...(betaStart === undefined ? {} : { betaStart }),
    ...(betaEnd === undefined ? {} : { betaEnd }),
  };
  const plain = schedules.create(spec);
  return zero ? schedules.create({ name: "zero-terminal", of: spec }) : plain;
}

/** DDPMScheduler's add_noise, get_velocity and compute_snr. */
export function diffusersCases(blocks: readonly Part[]): Case[] {
  return blocks.flatMap((block, i) => {
    const golden = block as unknown as Readonly<Record<string, Stored>> & {
      readonly T: number;
      readonly t: readonly number[];
    };
    const id = (part: string) => `diffusers/${i} ${String(block.beta_schedule)} ${part}`;
    const chain = () => diffusersChain(String(block.beta_schedule), golden.T, block.options);
    const [x0, noise] = [images(golden.x0!), images(golden.noise!)];
    return [
      caseOf(id("add_noise"), () => imageError(noised(chain(), golden.t, x0, noise), golden.add_noise!)),
      caseOf(id("get_velocity"), () => {
        const moments = golden.t.map((step) => momentAt(chain(), (step + 1) / golden.T));
        const { alpha, sigma } = levelColumns(moments);
        const velocity = diffuse(noise, x0, tf.tensor1d(alpha), tf.neg(tf.tensor1d(sigma)));
        return imageError(velocity, golden.get_velocity!);
      }),
      caseOf(id("snr"), () => {
        const moments = golden.t.map((step) => momentAt(chain(), (step + 1) / golden.T));
        // The reference takes 1 − ᾱ of a float32 table.
        const noiseOf = Math.min(...moments.map(({ sigma }) => sigma ** 2));
        return errorOf(snrs(moments), golden.snr!.data, { abs: 1e-9, rel: 1e-6 + 1.2e-7 / noiseOf });
      }),
    ];
  });
}

/** Log-likelihood of grey levels, approximate CDF, KL of normals. */
export function distributionCases(blocks: readonly Part[]): Case[] {
  return blocks.flatMap((block, i) => {
    const golden = block as unknown as Readonly<Record<string, readonly number[]>>;
    const [x, means, scales] = [golden.x!, golden.means!, golden.log_scales!].map((values) =>
      tf.tensor1d([...values]),
    );
    const wanted = (name: string) => stored(block[name]).data;
    const likelihood = "discretized_gaussian_log_likelihood_nats";
    const kl = "normal_kl(x, log_scales, means, 0.3)_nats";
    const cdf = "approx_standard_normal_cdf_of_x_times_3";
    return [
      caseOf(`distributions/${i} ${likelihood}`, () => {
        // What rounding x − mean to float32 costs: one rounding, sharpened, in the tail.
        const ours = greyLogLikelihood(x!, tf.sub(x!, means!), scales!).dataSync();
        return errorOf(ours, wanted(likelihood), { abs: 2e-5, rel: 2e-6 });
      }),
      caseOf(`distributions/${i} ${cdf}`, () =>
        errorOf(normalCdf(tf.mul(x!, 3)).dataSync(), wanted(cdf), FLOAT32),
      ),
      caseOf(`distributions/${i} ${kl}`, () => {
        const ours = normalKl(x!, scales!, means!, tf.fill([golden.x!.length], 0.3)).dataSync();
        return errorOf(ours, wanted(kl), FLOAT32);
      }),
    ];
  });
}

const kinds: Readonly<Record<string, "fixed-small" | "fixed-large" | "learned-log" | "learned-range">> = {
  FIXED_SMALL: "fixed-small",
  FIXED_LARGE: "fixed-large",
  LEARNED: "learned-log",
  LEARNED_RANGE: "learned-range",
};

/** calc_bpd_loop. */
export async function boundCases(blocks: readonly Part[]): Promise<Case[]> {
  const cases: Case[] = [];
  for (const [i, block] of blocks.entries()) {
    const {
      T,
      schedule: name,
      model_var_type: kind,
      model,
      x0,
    } = block as unknown as {
      T: number;
      schedule: string;
      model_var_type: string;
      model: { kind: string; mu: number[]; s: number };
      x0: Stored;
    };
    const noises = block["noises_in_order_of_t_from_T-1_to_0"] as unknown as readonly Stored[];
    const parts = ["vb", "xstart_mse", "mse", "total_bpd", "prior_bpd"] as const;
    const where = `bpd_loop/${i} ${name} ${kind}`;
    const run = async () => {
      if (model.kind !== "gauss") unsupported(`the model ${model.kind} is not known`);
      const variance = kinds[kind] ?? unsupported(`model_var_type ${kind} is not there`);
      const schedule = improvedChain(name, T);
      return bitsPerDim({
        schedule,
        variance,
        x0: images(x0),
        random: listed(noises),
        denoise: clip()((x, { alpha, sigma, t }) => {
          const total = (alpha * model.s) ** 2 + sigma ** 2;
          const centre = tf.tensor1d(model.mu);
          const f = tf.mul(tf.sub(x, tf.mul(centre, alpha)), sigma / total) as tf.Tensor4D;
          const step = Math.round(t * T) - 1;
          const head = tf.mul(tf.sin(tf.add(tf.mul(x, 2), 0.01 * step)), 0.8) as tf.Tensor4D;
          return {
            x0: combine([1 / alpha, x], [-sigma / alpha, f]),
            ...(variance === "learned-range" ? { variance: head } : {}),
          };
        }),
      });
    };
    const falling = (rows: readonly Float32Array[]) =>
      Array.from({ length: rows[0]!.length }, (_, b) => rows.map((row) => row[b]!).reverse()).flat();
    for (const part of parts) {
      cases.push(
        await slowCaseOf(`${where} ${part}`, async () => {
          const found = await run();
          const ours = {
            vb: falling(found.terms),
            xstart_mse: falling(found.x0Error),
            mse: falling(found.epsError),
            total_bpd: found.total,
            prior_bpd: found.prior,
          };
          const golden = stored(block[part]).data;
          if (part !== "xstart_mse")
            return errorOf(ours[part], golden, { abs: part === "mse" ? 2e-5 : 2e-6, rel: 1e-5 });
          // A network that returns the noise says x̂_0 to a rounding over alpha.
          const { at } = improvedChain(name, T);
          const errors = golden.map((wanted, k) => {
            const { alpha } = at((T - (k % T)) / T);
            return errorOf([ours[part][k]!], [wanted], { abs: 1e-6 / alpha, rel: 1e-5 });
          });
          return Math.max(...errors);
        }),
      );
    }
  }
  return cases;
}

/** Noises that are listed from the noisiest step on. */
function listed(noises: readonly Stored[]): Random {
  const refuse = (): never => {
    throw new Error("only normal numbers are listed");
  };
  const silent = {
    uniform: refuse,
    normal: refuse,
    integer: refuse,
    uniforms: refuse,
    permutation: refuse,
    state: refuse,
  };
  const stream = (sample: number, step: number): Random => ({
    ...silent,
    fork: refuse,
    normals: (count) => {
      const { shape, data } = noises[noises.length - 1 - step]!;
      return channelsLast(data, shape).slice(sample * count, (sample + 1) * count);
    },
  });
  return {
    ...silent,
    normals: refuse,
    fork: (sample) => ({ ...silent, normals: refuse, fork: (step) => stream(Number(sample), Number(step)) }),
  };
}

/** q_sample, p_losses and one p_sample step of the course's sources. */
export function courseCases(blocks: readonly Part[]): Case[] {
  return blocks.flatMap((block, i) => {
    const golden = block as unknown as Readonly<Record<string, Stored>> & {
      readonly T: number;
      readonly t: readonly number[];
    };
    const schedule = linear({ steps: golden.T, betaStart: 1e-4, betaEnd: 0.02 });
    const [x0, noise, output] = [images(golden.x0!), images(golden.noise!), images(golden.model_output!)];
    const times = golden.t.map((step) => (step + 1) / golden.T);
    const moments = times.map((t) => momentAt(schedule, t));
    const labml = block.labml as Readonly<Record<string, Stored>>;
    const id = (part: string) => `seed_sources/${i} ${part}`;
    const sampler = ddpm({ variance: "fixed-large", mean: "eps", lastNoise: true });
    const step = (b: number): tf.Tensor4D => {
      const row = (tensor: tf.Tensor4D) => tf.slice(tensor, [b, 0, 0, 0], [1, -1, -1, -1]) as tf.Tensor4D;
      const from = moments[b]!;
      const to = momentAt(schedule, Math.max(times[b]! - 1 / golden.T, 0));
      const x = combine([0.5, row(x0)]);
      const { skip, out } = eps().at(from, schedule);
      const denoise = () => ({ x0: combine([skip, x], [out, row(output)]), eps: row(output) });
      const input = {
        x,
        from,
        to,
        denoise,
        schedule,
        noise: () => row(noise),
        history: [],
        index: 0,
        count: 1,
        memo: undefined,
      };
      return sampler.step(input).x;
    };
    const stepName = "p_sample(0.5*x0, t) with noise = noise";
    return [
      caseOf(id("q_sample"), () => imageError(noised(schedule, golden.t, x0, noise), golden.q_sample!)),
      ...Object.entries(block.loss as Readonly<Record<string, number>>).map(([name, wanted]) =>
        caseOf(id(`loss ${name}`), () => {
          const each = lossesOf(
            { x0, eps: noise, times, schedule },
            speaking(() => output),
            eps(),
            simple(),
            { loss: losses.create(name) },
          );
          return vectorError([each.reduce((sum, value) => sum + value) / each.length], [wanted]);
        }),
      ),
      caseOf(id("labml q_xt_x0_mean"), () =>
        imageError(noised(schedule, golden.t, x0, tf.zerosLike(x0)), labml.q_xt_x0_mean!),
      ),
      caseOf(id("labml q_xt_x0_var_per_item"), () =>
        errorOf(
          moments.map(({ sigma }) => sigma ** 2),
          labml.q_xt_x0_var_per_item!.data,
          FLOAT64,
        ),
      ),
      caseOf(id("labml q_sample"), () => imageError(noised(schedule, golden.t, x0, noise), labml.q_sample!)),
      caseOf(id("labml p_sample"), () =>
        imageError(
          tf.concat(
            golden.t.map((_, b) => step(b)),
            0,
          ) as tf.Tensor4D,
          labml[stepName]!,
        ),
      ),
    ];
  });
}

/** Classifier-free guidance with rescaling. */
export function guidanceCases(blocks: readonly Part[]): Case[] {
  return blocks.flatMap((block, i) => {
    const [told, free] = [images(stored(block.cond)), images(stored(block.uncond))];
    const cases = block.cases as unknown as readonly {
      guidance_scale: number;
      guidance_rescale: number;
      result: Stored;
    }[];
    return cases.map(({ guidance_scale: scale, guidance_rescale: rescale, result }) =>
      caseOf(`guidance/${i} scale ${scale} rescale ${rescale}`, () =>
        imageError(guided(told, free, scale, rescale), result, scale),
      ),
    );
  });
}

/** EDM, VP and VE losses, and k-diffusion's weightings, per item. */
export function edmCases(blocks: readonly Part[]): Case[] {
  return blocks.flatMap((block, i) => {
    const [x0, noise] = [images(stored(block.images)), images(stored(block.noise))];
    const [normals, uniforms] = [stored(block.randn_per_item).data, stored(block.rand_per_item).data];
    const perItem = ({ shape, data }: Stored) =>
      Array.from({ length: shape[0]! }, (_, b) => {
        const size = data.length / shape[0]!;
        return data.slice(b * size, (b + 1) * size).reduce((sum, value) => sum + value, 0) / size;
      });
    const optionsOf = (name: string) =>
      (block[name] as { options: Readonly<Record<string, number>> }).options;
    const exact = (
      name: string,
      sigmas: readonly number[],
      weight: ReturnType<typeof snr>,
      sigmaData = 0.5,
    ) =>
      caseOf(`edm_losses/${i} ${name}`, () => {
        const meaning = edm({ sigmaData });
        const moments = sigmas.map((sigma) => momentAt(exploding, timeOf(sigma)));
        const network = speaking((scaled) => {
          const rows = moments.map((at, b) => {
            const { skip, out, in: scale } = meaning.at(at, exploding);
            const x = combine([1 / scale, tf.slice(scaled, [b, 0, 0, 0], [1, -1, -1, -1]) as tf.Tensor4D]);
            return combine([(0.25 / (0.25 + at.sigma ** 2) - skip) / out, x]);
          });
          return tf.concat(rows, 0) as tf.Tensor4D;
        });
        const batch = { x0, eps: noise, times: sigmas.map(timeOf), schedule: exploding };
        const ours = lossesOf(batch, network, meaning, weight);
        const golden = perItem(stored((block[name] as { loss: Stored }).loss));
        return errorOf(ours, golden, { abs: 1e-6, rel: 1e-5 });
      });
    const weighted = (name: string, weight: ReturnType<typeof snr>) =>
      caseOf(`edm_losses/${i} ${name}`, () => {
        const { sigma, loss } = block[name] as unknown as { sigma: Stored; loss: Stored };
        const batch = { x0, eps: noise, times: sigma.data.map(timeOf), schedule: exploding };
        const ours = lossesOf(
          batch,
          speaking((x) => tf.tanh(x)),
          edm(),
          weight,
        );
        return errorOf(ours, loss.data, { abs: 1e-6, rel: 1e-5 });
      });
    const { P_mean: mean, P_std: spread, sigma_data: sigmaData } = optionsOf("EDMLoss");
    const { beta_d: slope, beta_min: floor, epsilon_t: end } = optionsOf("VPLoss");
    const { sigma_min: low, sigma_max: high } = optionsOf("VELoss");
    const preserving = (t: number) => Math.sqrt(Math.expm1((slope! * t ** 2) / 2 + floor! * t));
    return [
      exact(
        "EDMLoss",
        normals.map((value) => Math.exp(mean! + spread! * value)),
        edmWeight({ sigmaData }),
        sigmaData,
      ),
      exact(
        "VPLoss",
        uniforms.map((value) => preserving(1 + value * (end! - 1))),
        snr(),
      ),
      exact(
        "VELoss",
        uniforms.map((value) => low! * (high! / low!) ** value),
        snr(),
      ),
      weighted("k_diffusion_Denoiser_loss_karras", simple()),
      weighted("k_diffusion_Denoiser_loss_soft-min-snr", softMinSnr()),
      weighted("k_diffusion_Denoiser_loss_snr", snr()),
    ];
  });
}

import { type DenoiseWrapper, random } from "../../packages/core/src/index.ts";
import { memberOf } from "./declared.ts";
import {
  type Case,
  entriesOf,
  type GoldenResult,
  membersBut,
  slowCaseOf,
  summarise,
  unsupported,
} from "./result.ts";
import {
  diffusersDdim,
  diffusersDdpm,
  diffusersInverse,
  diffusersIpndm,
  diffusersLcm,
  diffusersRepaint,
  diffusersTcd,
} from "./sampling/chains.ts";
import { dataflowr, labml, lucidrains, openai, openaiReverse, posterior } from "./sampling/course.ts";
import { edmAblation } from "./sampling/edm-ablation.ts";
import { compared, distanceOf, errorOfStates, LEAST_NOISE, rounded, statedNoise } from "./sampling/errors.ts";
import {
  diffusersAncestral,
  diffusersDpm2,
  diffusersDpm2Ancestral,
  diffusersEdmMultistep,
  diffusersEuler,
  diffusersHeun,
  diffusersLms,
  diffusersSde,
} from "./sampling/exploding.ts";
import type { SamplingCase, SamplingFile } from "./sampling/file.ts";
import { edmSampler, elucidated, kDiffusion, kDpmAdaptive, kDpmFast } from "./sampling/karras.ts";
import {
  diffusersDeis,
  diffusersMultistep,
  diffusersSaSolver,
  diffusersSinglestep,
  diffusersUnipc,
} from "./sampling/multistep.ts";
import { diffusersPndm } from "./sampling/pndm.ts";
import { type Plan, type Trace, traceOf } from "./sampling/trace.ts";

/** How a kind of case is run, and which of the states it went through are those that the reference stored. */
interface Mapping {
  plan(file: SamplingFile, golden: SamplingCase): Plan;
  states(trace: Trace, golden: SamplingCase): readonly ArrayLike<number>[];
}

/** What the network saw at every call, then the result. */
const calls = ({ calls: seen, result }: Trace): readonly ArrayLike<number>[] => [...seen, result];

/** Where the trajectory started, and where each step ended. */
const ends = ({ start, steps }: Trace): readonly ArrayLike<number>[] => [start, ...steps];

/** The same with alpha divided out. */
const unscaled = ({ calls: seen, alphas, result }: Trace): readonly ArrayLike<number>[] => [
  ...seen.map((state, i) => state.map((value) => value / alphas[i]!)),
  result,
];

/** What the network saw at the first call of every step, then the result. */
const firsts = ({ firsts: seen, result }: Trace): readonly ArrayLike<number>[] => [...seen, result];

/** Where the trajectory started, and where each of its paths ended. */
const startAndEnds = ({ start, ends: after }: Trace): readonly ArrayLike<number>[] => [start, ...after];

/** Where every step ended, and the result once more. */
const attempts = (trace: Trace): readonly ArrayLike<number>[] => [...ends(trace), trace.result];

const scaled = (state: ArrayLike<number>) => Array.from(state, (value) => (value + 1) / 2);
const clamped = (state: ArrayLike<number>) => Array.from(state, (value) => Math.min(1, Math.max(-1, value)));

/** denoising-diffusion-pytorch stores (x + 1) / 2 where it normalises by itself. */
const normalised = (trace: Trace, { config }: SamplingCase): readonly ArrayLike<number>[] =>
  config?.auto_normalize !== false ? ends(trace).map(scaled) : ends(trace);

/** ElucidatedDiffusion returns (clamp(x) + 1) / 2. */
const returned = ({ calls: seen, result }: Trace): readonly ArrayLike<number>[] => [
  ...seen,
  scaled(clamped(result)),
];

/** mxagar stores clamped copies of all states but the first. */
const copies = ({ start, steps }: Trace): readonly ArrayLike<number>[] => [start, ...steps.map(clamped)];

/** By reference, and scheduler or sampler: as a case declares them. */
export const mappings: Readonly<Record<string, Mapping>> = {
  "huggingface/diffusers DDPMScheduler": { plan: diffusersDdpm, states: calls },
  "huggingface/diffusers DDIMScheduler": { plan: diffusersDdim, states: calls },
  "huggingface/diffusers DPMSolverMultistepScheduler": { plan: diffusersMultistep, states: calls },
  "huggingface/diffusers EulerDiscreteScheduler": { plan: diffusersEuler, states: ends },
  "huggingface/diffusers EDMEulerScheduler": { plan: diffusersEuler, states: ends },
  "huggingface/diffusers EulerAncestralDiscreteScheduler": { plan: diffusersAncestral, states: calls },
  "huggingface/diffusers HeunDiscreteScheduler": { plan: diffusersHeun, states: calls },
  "huggingface/diffusers LMSDiscreteScheduler": { plan: diffusersLms, states: calls },
  "huggingface/diffusers KDPM2DiscreteScheduler": { plan: diffusersDpm2, states: calls },
  "huggingface/diffusers KDPM2AncestralDiscreteScheduler": { plan: diffusersDpm2Ancestral, states: calls },
  "huggingface/diffusers DPMSolverSDEScheduler": { plan: diffusersSde, states: calls },
  "huggingface/diffusers EDMDPMSolverMultistepScheduler": { plan: diffusersEdmMultistep, states: calls },
  "huggingface/diffusers DPMSolverSinglestepScheduler": { plan: diffusersSinglestep, states: calls },
  "huggingface/diffusers UniPCMultistepScheduler": { plan: diffusersUnipc, states: calls },
  "huggingface/diffusers DEISMultistepScheduler": { plan: diffusersDeis, states: calls },
  "huggingface/diffusers SASolverScheduler": { plan: diffusersSaSolver, states: calls },
  "huggingface/diffusers PNDMScheduler": { plan: diffusersPndm, states: calls },
  "huggingface/diffusers IPNDMScheduler": { plan: diffusersIpndm, states: calls },
  "huggingface/diffusers LCMScheduler": { plan: diffusersLcm, states: calls },
  "huggingface/diffusers TCDScheduler": { plan: diffusersTcd, states: calls },
  "huggingface/diffusers RePaintScheduler": { plan: diffusersRepaint, states: startAndEnds },
  "huggingface/diffusers DDIMInverseScheduler": { plan: diffusersInverse, states: calls },
  "crowsonkb/k-diffusion sample_euler": { plan: kDiffusion, states: firsts },
  "crowsonkb/k-diffusion sample_heun": { plan: kDiffusion, states: firsts },
  "crowsonkb/k-diffusion sample_dpm_2": { plan: kDiffusion, states: firsts },
  "crowsonkb/k-diffusion sample_lms": { plan: kDiffusion, states: firsts },
  "crowsonkb/k-diffusion sample_dpmpp_2m": { plan: kDiffusion, states: firsts },
  "crowsonkb/k-diffusion sample_euler_ancestral": { plan: kDiffusion, states: firsts },
  "crowsonkb/k-diffusion sample_dpm_2_ancestral": { plan: kDiffusion, states: firsts },
  "crowsonkb/k-diffusion sample_dpmpp_2s_ancestral": { plan: kDiffusion, states: firsts },
  "crowsonkb/k-diffusion sample_dpmpp_sde": { plan: kDiffusion, states: firsts },
  "crowsonkb/k-diffusion sample_dpmpp_2m_sde": { plan: kDiffusion, states: firsts },
  "crowsonkb/k-diffusion sample_dpmpp_3m_sde": { plan: kDiffusion, states: firsts },
  "crowsonkb/k-diffusion sample_dpm_fast": { plan: kDpmFast, states: firsts },
  "crowsonkb/k-diffusion sample_dpm_adaptive": { plan: kDpmAdaptive, states: attempts },
  "NVlabs/edm edm_sampler": { plan: edmSampler, states: calls },
  "NVlabs/edm ablation_sampler": { plan: edmAblation, states: unscaled },
  "lucidrains/denoising-diffusion-pytorch p_sample_loop": { plan: lucidrains, states: normalised },
  "lucidrains/denoising-diffusion-pytorch ddim_sample": { plan: lucidrains, states: normalised },
  "lucidrains/denoising-diffusion-pytorch ElucidatedDiffusion.sample": { plan: elucidated, states: returned },
  "lucidrains/denoising-diffusion-pytorch ElucidatedDiffusion.sample_using_dpmpp": {
    plan: elucidated,
    states: returned,
  },
  "openai/improved-diffusion p_sample_loop": { plan: openai, states: ends },
  "openai/improved-diffusion ddim": { plan: openai, states: ends },
  "openai/improved-diffusion ddim_reverse": { plan: openaiReverse, states: ends },
  "openai/guided-diffusion p_sample_loop": { plan: openai, states: ends },
  "openai/guided-diffusion ddim": { plan: openai, states: ends },
  "openai/guided-diffusion ddim_reverse": { plan: openaiReverse, states: ends },
  "labmlai/annotated_deep_learning_paper_implementations DenoiseDiffusion.p_sample for t = T-1 ... 0": {
    plan: labml,
    states: ends,
  },
  "dataflowr/notebooks DDPM.step for t = T-1 ... 0": { plan: dataflowr, states: ends },
  "huggingface/notebooks p_sample_loop": { plan: posterior, states: ends },
  "mxagar/diffusion-examples run_inference": { plan: posterior, states: copies },
};

/** Runs every sampling case of a file in the format of samplers.json, on the active backend. */
export async function runFile(json: unknown): Promise<GoldenResult> {
  const file = json as SamplingFile;
  return summarise(await entriesOf("cases", file.cases, (golden: SamplingCase) => runCase(file, golden)));
}

function runCase(file: SamplingFile, golden: SamplingCase): Promise<Case> {
  const kind = `${golden.reference} ${golden.scheduler ?? golden.sampler}`;
  return slowCaseOf(String(golden.id), async () => {
    const mapping = memberOf(mappings, kind) ?? unsupported(`no sampler is declared as ${kind}`);
    checkShape(golden);
    const sample = async (wrapper?: DenoiseWrapper) => {
      const plan = mapping.plan(file, golden);
      const denoise = wrapper ? wrapper(plan.denoise) : plan.denoise;
      const trace = await traceOf(file, golden, { ...plan, denoise });
      return { trace, steps: plan.schedule.steps, states: mapping.states(trace, golden) };
    };
    const found = await sample();
    const stated = statedNoise(golden);
    const noise = Math.max(LEAST_NOISE, stated ?? 0);
    const error = errorOfStates(golden, found.states, noise, found);
    if (stated !== undefined && error <= 1) return error;
    // The file says nothing about float32 here, or this backend rounds otherwise than the reference did.
    let measured = noise;
    for (let seed = 0; seed < 3; seed++) {
      measured = Math.max(measured, distanceOf(found.states, (await sample(rounded(random(seed)))).states));
    }
    return errorOfStates(golden, found.states, measured, found);
  }).then((done) => ({ ...done, uncompared: membersBut(golden, known) }));
}

function checkShape({ shape, timesteps, alphas_cumprod: table }: SamplingCase): void {
  if (!Array.isArray(shape) || shape.length !== 4)
    unsupported(`samples of the shape ${JSON.stringify(shape)} are no images [B, C, H, W]`);
  if (table !== undefined && timesteps?.some((step) => step < 0))
    unsupported("a step below 0, where the reference's rounding asks for one step too many");
}

/** What a case declares, what is compared, and its texts. */
const known = [
  "id",
  "reference",
  "model",
  "prediction",
  "scheduler",
  "sampler",
  "num_inference_steps",
  "config",
  "options",
  "step_arguments",
  "set_timesteps",
  "timesteps",
  "sigmas",
  "sigma_schedule",
  "operations",
  "times",
  "timestep_map",
  "model_mapping",
  "model_addition",
  "cond_fn",
  "variance_head",
  "alphas_cumprod",
  "noise_draws_per_step",
  "noise_draws_total",
  "init_noise_sigma",
  "x_init",
  "x_T",
  "noises",
  "original_image",
  "mask",
  "shape",
  "max_abs_dev_float64",
  "max_rel_dev_float64",
  "trajectory_shape",
  "trajectory_dtype",
  "trajectory_is",
  "note",
  "precision",
  ...compared,
];

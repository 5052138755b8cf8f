import { type Declared, memberOf } from "../declared.ts";
import { unsupported } from "../result.ts";

const zeroSnr = { rescale_betas_zero_snr: false };
const chain = {
  num_train_timesteps: 1000,
  beta_start: 1e-4,
  beta_end: 0.02,
  beta_schedule: "linear",
  trained_betas: null,
  prediction_type: "epsilon",
};
const stable = { beta_start: 0.00085, beta_end: 0.012 };
const spacing = (timestep_spacing: string) => ({ timestep_spacing, steps_offset: 0 });
const thresholding = { thresholding: false, dynamic_thresholding_ratio: 0.995, sample_max_value: 1 };
const clipping = (clip_sample: boolean) => ({ clip_sample, clip_sample_range: 1 });
const ladders = { use_karras_sigmas: false, use_exponential_sigmas: false, use_beta_sigmas: false };
const flow = {
  use_flow_sigmas: false,
  flow_shift: 1,
  use_dynamic_shifting: false,
  time_shift_type: "exponential",
};
const solver = { ...chain, ...thresholding, ...ladders, ...flow, ...spacing("linspace") };
const multistep = {
  solver_order: 2,
  algorithm_type: "dpmsolver++",
  solver_type: "midpoint",
  final_sigmas_type: "zero",
};
const sigmas = { ...chain, ...ladders, ...spacing("linspace") };
const edm = {
  num_train_timesteps: 1000,
  sigma_min: 0.002,
  sigma_max: 80,
  sigma_data: 0.5,
  sigma_schedule: "karras",
  rho: 7,
  prediction_type: "epsilon",
  final_sigmas_type: "zero",
};
const consistency = {
  ...chain,
  ...stable,
  ...clipping(false),
  ...thresholding,
  ...spacing("leading"),
  ...zeroSnr,
  beta_schedule: "scaled_linear",
  original_inference_steps: 50,
  set_alpha_to_one: true,
  timestep_scaling: 10,
};

/** The constructor arguments of diffusers' schedulers with the reference's defaults: every option that is known. */
export const diffusersDefaults: Readonly<Record<string, Declared>> = {
  DDPMScheduler: {
    ...chain,
    ...clipping(true),
    ...thresholding,
    ...spacing("leading"),
    ...zeroSnr,
    variance_type: "fixed_small",
  },
  DDIMScheduler: {
    ...chain,
    ...clipping(true),
    ...thresholding,
    ...spacing("leading"),
    ...zeroSnr,
    set_alpha_to_one: true,
  },
  DDIMInverseScheduler: {
    ...chain,
    ...clipping(true),
    ...spacing("leading"),
    ...zeroSnr,
    set_alpha_to_one: true,
  },
  PNDMScheduler: { ...chain, ...spacing("leading"), skip_prk_steps: false, set_alpha_to_one: false },
  DPMSolverMultistepScheduler: {
    ...solver,
    ...multistep,
    ...zeroSnr,
    lower_order_final: true,
    euler_at_final: false,
    use_lu_lambdas: false,
    lambda_min_clipped: "-Infinity",
    variance_type: null,
  },
  DPMSolverSinglestepScheduler: {
    ...solver,
    ...multistep,
    lower_order_final: false,
    lambda_min_clipped: "-Infinity",
    variance_type: null,
  },
  UniPCMultistepScheduler: {
    ...solver,
    ...zeroSnr,
    solver_order: 2,
    predict_x0: true,
    solver_type: "bh2",
    lower_order_final: true,
    disable_corrector: [],
    solver_p: null,
    final_sigmas_type: "zero",
    sigma_min: null,
    sigma_max: null,
    shift_terminal: null,
  },
  DEISMultistepScheduler: {
    ...solver,
    solver_order: 2,
    algorithm_type: "deis",
    solver_type: "logrho",
    lower_order_final: true,
  },
  SASolverScheduler: {
    ...solver,
    predictor_order: 2,
    corrector_order: 2,
    algorithm_type: "data_prediction",
    lower_order_final: true,
    lambda_min_clipped: "-Infinity",
    variance_type: null,
    tau_func: null,
  },
  EulerDiscreteScheduler: {
    ...sigmas,
    ...zeroSnr,
    interpolation_type: "linear",
    timestep_type: "discrete",
    final_sigmas_type: "zero",
    sigma_min: null,
    sigma_max: null,
  },
  EulerAncestralDiscreteScheduler: { ...chain, ...spacing("linspace"), ...zeroSnr },
  LMSDiscreteScheduler: sigmas,
  HeunDiscreteScheduler: { ...sigmas, ...stable, ...clipping(false) },
  KDPM2DiscreteScheduler: { ...sigmas, ...stable },
  KDPM2AncestralDiscreteScheduler: { ...sigmas, ...stable },
  DPMSolverSDEScheduler: { ...sigmas, ...stable, noise_sampler_seed: null },
  EDMEulerScheduler: edm,
  EDMDPMSolverMultistepScheduler: {
    ...edm,
    ...thresholding,
    ...multistep,
    lower_order_final: true,
    euler_at_final: false,
  },
  IPNDMScheduler: { num_train_timesteps: 1000, trained_betas: null },
  LCMScheduler: consistency,
  TCDScheduler: consistency,
  RePaintScheduler: {
    num_train_timesteps: 1000,
    beta_start: 1e-4,
    beta_end: 0.02,
    beta_schedule: "linear",
    trained_betas: null,
    eta: 0,
    clip_sample: true,
  },
};

/** Options that have no counterpart here unless they are at their default. */
const onlyDefault = [
  "use_flow_sigmas",
  "use_dynamic_shifting",
  "solver_p",
  "shift_terminal",
  "tau_func",
  "noise_sampler_seed",
];

/** The scheduler's options: what is given over the reference's defaults. An option that is not known is unsupported. */
export function diffusersOptions(scheduler: string, given: Declared = {}): Declared {
  const defaults =
    memberOf(diffusersDefaults, scheduler) ?? unsupported(`no scheduler is declared as ${scheduler}`);
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(defaults, name) && !name.startsWith("_"));
  if (unknown) unsupported(`the option ${unknown} of ${scheduler} has no counterpart`);
  const odd = onlyDefault.find((name) => name in given && given[name] !== defaults[name]);
  if (odd) unsupported(`the option ${odd} has no counterpart`);
  return { ...defaults, ...given };
}

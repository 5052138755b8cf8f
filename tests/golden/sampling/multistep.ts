import type { Sampler } from "../../../packages/core/src/index.ts";
import { deis, dpmMultistep, dpmSinglestep, saSolver, unipc } from "../../../packages/diffusion/src/index.ts";
import { unsupported } from "../result.ts";
import { apart } from "./chains.ts";
import type { SamplingCase, SamplingFile } from "./file.ts";
import { guessFrom, limits } from "./guess.ts";
import { preserving, timeOf } from "./ladders.ts";
import { offsetsOf } from "./scripted-noise.ts";
import { abarAt, networkOf } from "./stub.ts";
import type { Plan } from "./trace.ts";

/** A walk down a ladder of `sigmas` with variance-preserving states, asking the network at `timesteps`. */
export function preservingWalk(file: SamplingFile, golden: SamplingCase, sampler: Sampler): Plan {
  const { timesteps, sigmas, noise_draws_per_step: draws } = golden;
  const table = file.alphas_cumprod_tables[golden.alphas_cumprod!]!.data;
  const network = networkOf(file, golden);
  const times = sigmas!.map(timeOf);
  return {
    schedule: preserving,
    sampler,
    denoise: limits(golden)(guessFrom(golden, (x, call) => network(x, abarAt(table, timesteps![call]!)))),
    paths: [[...times.slice(0, -2), ...apart(times.at(-2)!, times.at(-1)!)]],
    offset: offsetsOf(draws!),
  };
}

/** What `algorithm_type` of diffusers' DPM-Solver schedulers says. */
export function algorithmOf({ algorithm_type: name }: Readonly<Record<string, unknown>>): {
  readonly predict: "x0" | "eps";
  readonly eta: number;
} {
  const known: Readonly<Record<string, { predict: "x0" | "eps"; eta: number }>> = {
    "dpmsolver++": { predict: "x0", eta: 0 },
    dpmsolver: { predict: "eps", eta: 0 },
    "sde-dpmsolver++": { predict: "x0", eta: 1 },
    "sde-dpmsolver": { predict: "eps", eta: 1 },
  };
  return known[String(name)] ?? unsupported(`algorithm_type ${name} is not there`);
}

/** Solver options of DPMSolverMultistepScheduler and EDMDPMSolverMultistepScheduler. */
export function multistepSampler({ config = {} }: SamplingCase): Sampler {
  if (config.use_flow_sigmas) unsupported("use_flow_sigmas has no counterpart");
  return dpmMultistep({
    ...algorithmOf(config),
    order: Number(config.solver_order),
    solver: config.solver_type === "heun" ? "heun" : "midpoint",
    lowerFinal: config.lower_order_final === true,
    eulerFinal: config.euler_at_final === true,
    slip: true,
  });
}

/** DPMSolverSinglestepScheduler, which lowers the order at the end whenever the count or the end asks for it. */
export function diffusersSinglestep(file: SamplingFile, golden: SamplingCase): Plan {
  const { config = {}, num_inference_steps: count } = golden;
  if (config.use_flow_sigmas) unsupported("use_flow_sigmas has no counterpart");
  const order = Number(config.solver_order);
  const lowerFinal =
    config.lower_order_final === true || count! % order !== 0 || config.final_sigmas_type === "zero";
  const solver = config.solver_type === "heun" ? "heun" : "midpoint";
  const sampler = dpmSinglestep({ ...algorithmOf(config), order, solver, lowerFinal, slip: true });
  return preservingWalk(file, golden, sampler);
}

/** UniPCMultistepScheduler, which does not look at `thresholding` where it predicts the noise. */
export function diffusersUnipc(file: SamplingFile, golden: SamplingCase): Plan {
  const { config = {} } = golden;
  if (config.use_flow_sigmas) unsupported("use_flow_sigmas has no counterpart");
  const sampler = unipc({
    order: Number(config.solver_order),
    predict: config.predict_x0 ? "x0" : "eps",
    solver: config.solver_type === "bh1" ? "bh1" : "bh2",
    lowerFinal: config.lower_order_final === true,
    uncorrected: config.disable_corrector as number[],
  });
  const noise = { ...golden, config: { ...config, thresholding: false } };
  return preservingWalk(file, config.predict_x0 ? golden : noise, sampler);
}

/** DEISMultistepScheduler. */
export function diffusersDeis(file: SamplingFile, golden: SamplingCase): Plan {
  const { config = {} } = golden;
  if (config.use_flow_sigmas) unsupported("use_flow_sigmas has no counterpart");
  const sampler = deis({ order: Number(config.solver_order), lowerFinal: config.lower_order_final === true });
  return preservingWalk(file, golden, sampler);
}

/** SASolverScheduler, whose τ is 1 between steps 200 and 800 and 0 elsewhere. */
export function diffusersSaSolver(file: SamplingFile, golden: SamplingCase): Plan {
  const { config = {} } = golden;
  if (config.use_flow_sigmas) unsupported("use_flow_sigmas has no counterpart");
  if (config.algorithm_type !== "data_prediction")
    unsupported(`algorithm_type ${config.algorithm_type} is not there`);
  const table = file.alphas_cumprod_tables[golden.alphas_cumprod!]!.data;
  const level = (step: number) => {
    const abar = table[step];
    return abar === undefined ? Number.MAX_VALUE / 2 : Math.sqrt((1 - abar) / abar);
  };
  const sampler = saSolver({
    predictor: Number(config.predictor_order),
    corrector: Number(config.corrector_order),
    noiseMin: level(200) * (1 - 1e-5),
    noiseMax: level(800) * (1 + 1e-5),
    lowerFinal: config.lower_order_final === true,
  });
  return preservingWalk(file, golden, sampler);
}

/** DPMSolverMultistepScheduler. */
export function diffusersMultistep(file: SamplingFile, golden: SamplingCase): Plan {
  return preservingWalk(file, golden, multistepSampler(golden));
}

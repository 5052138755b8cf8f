import type { Sampler } from "../../../packages/core/src/index.ts";
import { dpmMultistep } from "../../../packages/diffusion/src/index.ts";
import { unsupported } from "../result.ts";
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
  return {
    schedule: preserving,
    sampler,
    denoise: limits(golden)(guessFrom(golden, (x, call) => network(x, abarAt(table, timesteps![call]!)))),
    paths: [sigmas!.map(timeOf)],
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

/** DPMSolverMultistepScheduler. */
export function diffusersMultistep(file: SamplingFile, golden: SamplingCase): Plan {
  return preservingWalk(file, golden, multistepSampler(golden));
}

import type { Sampler } from "../../../packages/core/src/index.ts";
import { deis, dpmMultistep, dpmSinglestep, saSolver, unipc } from "../../../packages/diffusion/src/index.ts";
import { choiceOf, type Declared, numberOf } from "../declared.ts";
import { diffusersOptions } from "../references/diffusers.ts";
import { unsupported } from "../result.ts";
import { twoTimes } from "./chain-case.ts";
import type { SamplingCase, SamplingFile } from "./file.ts";
import { guessFrom, limits } from "./guess.ts";
import { preserving, preservingTimeOf } from "./ladders.ts";
import { offsetsOf } from "./scripted-noise.ts";
import { abarAt, networkOf, tableOf } from "./stub.ts";
import type { Plan } from "./trace.ts";

/** Steps down a ladder of `sigmas` with variance-preserving states, asking the network at `timesteps`. */
function preservingPlan(
  file: SamplingFile,
  golden: SamplingCase,
  sampler: Sampler,
  config = optionsOf(golden),
): Plan {
  const { timesteps, sigmas, noise_draws_per_step: draws } = golden;
  const table = tableOf(file, golden);
  const network = networkOf(file, golden);
  const times = sigmas!.map(preservingTimeOf);
  return {
    schedule: preserving,
    sampler,
    denoise: limits(
      config,
      golden,
    )(guessFrom(golden, (x, call) => network(x, abarAt(table, timesteps![call]!)))),
    paths: [[...times.slice(0, -2), ...twoTimes(times.at(-2)!, times.at(-1)!)]],
    offset: offsetsOf(draws),
  };
}

/** The options of a case's scheduler over the reference's defaults. */
const optionsOf = ({ scheduler, config }: SamplingCase): Declared => diffusersOptions(scheduler!, config);

/** What `algorithm_type` of diffusers' DPM-Solver schedulers means. */
const algorithms: Readonly<Record<string, { readonly predict: "x0" | "eps"; readonly eta: number }>> = {
  "dpmsolver++": { predict: "x0", eta: 0 },
  dpmsolver: { predict: "eps", eta: 0 },
  "sde-dpmsolver++": { predict: "x0", eta: 1 },
  "sde-dpmsolver": { predict: "eps", eta: 1 },
};

const solvers: Readonly<Record<string, "midpoint" | "heun">> = { midpoint: "midpoint", heun: "heun" };
const variants: Readonly<Record<string, "bh1" | "bh2">> = { bh1: "bh1", bh2: "bh2" };

/** Solver options of DPMSolverMultistepScheduler and EDMDPMSolverMultistepScheduler. */
export function multistepSampler(golden: SamplingCase): Sampler {
  const config = optionsOf(golden);
  return dpmMultistep({
    ...choiceOf(config, "algorithm_type", algorithms),
    order: numberOf(config, "solver_order", 2),
    solver: choiceOf(config, "solver_type", solvers),
    lowerFinal: config.lower_order_final === true,
    eulerFinal: config.euler_at_final === true,
    slip: true,
  });
}

/** DPMSolverSinglestepScheduler, which lowers the order at the end whenever the count or the end asks for it. */
export function diffusersSinglestep(file: SamplingFile, golden: SamplingCase): Plan {
  const { num_inference_steps: count } = golden;
  const config = optionsOf(golden);
  const order = numberOf(config, "solver_order", 2);
  const lowerFinal =
    config.lower_order_final === true || count! % order !== 0 || config.final_sigmas_type === "zero";
  const solver = choiceOf(config, "solver_type", solvers);
  const algorithm = choiceOf(config, "algorithm_type", algorithms);
  const sampler = dpmSinglestep({ ...algorithm, order, solver, lowerFinal, slip: true });
  return preservingPlan(file, golden, sampler);
}

/** UniPCMultistepScheduler, which does not look at `thresholding` where it predicts the noise. */
export function diffusersUnipc(file: SamplingFile, golden: SamplingCase): Plan {
  const config = optionsOf(golden);
  const sampler = unipc({
    order: numberOf(config, "solver_order", 2),
    predict: config.predict_x0 ? "x0" : "eps",
    solver: choiceOf(config, "solver_type", variants),
    lowerFinal: config.lower_order_final === true,
    uncorrected: config.disable_corrector as number[],
  });
  return preservingPlan(
    file,
    golden,
    sampler,
    config.predict_x0 ? config : { ...config, thresholding: false },
  );
}

/** DEISMultistepScheduler. */
export function diffusersDeis(file: SamplingFile, golden: SamplingCase): Plan {
  const config = optionsOf(golden);
  if (config.algorithm_type !== "deis" || config.solver_type !== "logrho")
    unsupported(`${config.algorithm_type} with ${config.solver_type} has no counterpart`);
  const sampler = deis({
    order: numberOf(config, "solver_order", 2),
    lowerFinal: config.lower_order_final === true,
  });
  return preservingPlan(file, golden, sampler);
}

/** SASolverScheduler, whose τ is 1 between steps 200 and 800 and 0 elsewhere. */
export function diffusersSaSolver(file: SamplingFile, golden: SamplingCase): Plan {
  const config = optionsOf(golden);
  if (config.algorithm_type !== "data_prediction")
    unsupported(`algorithm_type ${config.algorithm_type} has no counterpart`);
  const table = tableOf(file, golden);
  const level = (step: number) => {
    const abar = table[step];
    return abar === undefined ? Number.MAX_VALUE / 2 : Math.sqrt((1 - abar) / abar);
  };
  const sampler = saSolver({
    predictor: numberOf(config, "predictor_order", 2),
    corrector: numberOf(config, "corrector_order", 2),
    noiseMin: level(200) * (1 - 1e-5),
    noiseMax: level(800) * (1 + 1e-5),
    lowerFinal: config.lower_order_final === true,
  });
  return preservingPlan(file, golden, sampler);
}

/** DPMSolverMultistepScheduler. */
export function diffusersMultistep(file: SamplingFile, golden: SamplingCase): Plan {
  return preservingPlan(file, golden, multistepSampler(golden));
}

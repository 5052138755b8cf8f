import { combine } from "../../../packages/diffusion/src/authoring.ts";
import { consistency, ddim, ddpm, ipndm, repaint, tcd } from "../../../packages/diffusion/src/index.ts";
import { choiceOf, numberOf } from "../declared.ts";
import { diffusersOptions } from "../references/diffusers.ts";
import { unsupported } from "../result.ts";
import { abarFormula, diffusersChain, twoTimes } from "./chain-case.ts";
import type { SamplingCase, SamplingFile } from "./file.ts";
import { limits, withVariance } from "./guess.ts";
import { imagesOf, inputOf } from "./inputs.ts";
import { offsetsOf } from "./scripted-noise.ts";
import { networkOf } from "./stub.ts";
import type { Plan } from "./trace.ts";

const variances = {
  fixed_small: "fixed-small",
  fixed_small_log: "fixed-small",
  fixed_large: "fixed-large",
  learned: "learned",
  learned_range: "learned-range",
} as const;

/** DDPMScheduler: each step goes to the next of `timesteps`, the last to clean images, with noise unless it is step 0. */
export function diffusersDdpm(file: SamplingFile, golden: SamplingCase): Plan {
  const { timesteps, noise_draws_per_step: draws } = golden;
  const { config, schedule, guess, timeOf } = diffusersChain(file, golden, timesteps!);
  const variance = choiceOf<"fixed-small" | "fixed-large" | "learned" | "learned-range">(
    config,
    "variance_type",
    variances,
  );
  const denoise = limits(config, golden)(withVariance(golden, (call) => timesteps![call]!)(guess));
  return {
    schedule,
    sampler: ddpm({ variance, lastNoise: variance !== "fixed-small" && timesteps!.at(-1)! > 0 }),
    denoise,
    paths: [[...timesteps!, -1].map(timeOf)],
    offset: offsetsOf(draws),
  };
}

/** DDIMScheduler: each step goes down by ⌊T / n⌋, wherever the next one starts. */
export function diffusersDdim(file: SamplingFile, golden: SamplingCase): Plan {
  const { timesteps, step_arguments: given = {}, num_inference_steps: count } = golden;
  const { config, schedule, guess, timeOf, length } = diffusersChain(file, golden, timesteps!);
  const last = config.set_alpha_to_one ? -1 : 0;
  const below = (step: number) => {
    const to = step - Math.floor(length / count!);
    return to >= 0 ? to : last;
  };
  return {
    schedule,
    sampler: ddim({ eta: numberOf(given, "eta", 0) }),
    denoise: limits(config, golden, true)(guess),
    paths: timesteps!.map((step) => twoTimes(timeOf(step), timeOf(below(step)))),
    offset: offsetsOf(golden.noise_draws_per_step),
  };
}

/** DDIMInverseScheduler: upwards; the network is asked about the level that the step goes to. */
export function diffusersInverse(file: SamplingFile, golden: SamplingCase): Plan {
  const { timesteps, num_inference_steps: count } = golden;
  const { config, schedule, guess, timeOf, length } = diffusersChain(file, golden, timesteps!);
  const first = config.set_alpha_to_one ? -1 : 0;
  const below = (step: number) => Math.max(step - Math.floor(length / count!), first);
  return {
    schedule,
    sampler: ddim(),
    denoise: limits(config, golden, true)(guess),
    paths: timesteps!.map((step) => [...twoTimes(timeOf(step), timeOf(below(step)))].reverse()),
  };
}

/** LCMScheduler. */
export function diffusersLcm(file: SamplingFile, golden: SamplingCase): Plan {
  const { timesteps } = golden;
  const { config, schedule, guess, timeOf } = diffusersChain(file, golden, timesteps!);
  return {
    schedule,
    sampler: consistency({ boundary: numberOf(config, "timestep_scaling", 10) }),
    denoise: limits(config, golden)(guess),
    paths: [[...timesteps!, -1].map(timeOf)],
    offset: offsetsOf(golden.noise_draws_per_step),
  };
}

/** TCDScheduler: it ends at the first level of the chain. */
export function diffusersTcd(file: SamplingFile, golden: SamplingCase): Plan {
  const { timesteps, step_arguments: given = {} } = golden;
  const { config, schedule, guess, timeOf } = diffusersChain(file, golden, timesteps!);
  const eta = numberOf(given, "eta", 0.3);
  return {
    schedule,
    sampler: eta > 0 ? tcd({ eta }) : ddim(),
    denoise: limits(config, golden)(guess),
    paths: [[...timesteps!, 0].map(timeOf)],
    offset: offsetsOf(golden.noise_draws_per_step),
  };
}

/** IPNDMScheduler: its own levels, and a network whose output it takes for v. */
export function diffusersIpndm(file: SamplingFile, golden: SamplingCase): Plan {
  const { num_inference_steps: count, timesteps } = golden;
  diffusersOptions(golden.scheduler!, golden.config);
  const abar = abarFormula(golden);
  const network = networkOf(file, golden);
  let call = 0;
  return {
    schedule: {
      name: "ipndm",
      at(t) {
        const sigma = Math.sin((t * Math.PI) / 2) ** 2;
        return { alpha: Math.sqrt(1 - sigma ** 2), sigma };
      },
    },
    sampler: ipndm(),
    denoise(x, { alpha, sigma }) {
      const f = network(x, abar(timesteps![call++]!));
      const eps = combine([sigma, x], [alpha, f]);
      return { x0: alpha > 0 ? combine([alpha, x], [-sigma, f]) : combine([0, x]), eps };
    },
    paths: [Array.from({ length: count! + 1 }, (_, i) => 1 - i / count!)],
  };
}

/** RePaintScheduler: its steps up are one step of the chain each, with the betas of the step above. */
export function diffusersRepaint(file: SamplingFile, golden: SamplingCase): Plan {
  const { num_inference_steps: count, operations = [] } = golden;
  const strange = operations.find(([kind]) => kind !== "step" && kind !== "undo");
  if (strange) unsupported(`the operation ${strange[0]} is not known`);
  const asked = operations.flatMap(([kind, step]) => (kind === "step" ? [step] : []));
  const { config, schedule, guess, timeOf, length } = diffusersChain(file, golden, asked);
  const stride = Math.floor(length / count!);
  const sampler = repaint({
    image: imagesOf(inputOf(file, golden, "original_image")),
    mask: imagesOf(inputOf(file, golden, "mask")),
    eta: numberOf(config, "eta", 0),
  });
  return {
    schedule,
    sampler,
    denoise: limits(config, golden, true)(guess),
    paths: operations.map(([kind, step]) =>
      kind === "step"
        ? [timeOf(step), timeOf(Math.max(step - stride, -1))]
        : Array.from({ length: stride + 1 }, (_, i) => timeOf(step - 1 + i)),
    ),
  };
}

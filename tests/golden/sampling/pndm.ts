import { momentAt, type NoiseSchedule, type Sampler } from "../../../packages/core/src/index.ts";
import { pndm } from "../../../packages/diffusion/src/index.ts";
import { diffusersChain, pathOf } from "./chain-case.ts";
import type { SamplingCase, SamplingFile } from "./file.ts";
import { plms } from "./plms.ts";
import { predictionOf } from "./stub.ts";
import type { Plan } from "./trace.ts";

/** PNDMScheduler: steps down by ⌊T / n⌋, wherever the next one starts; the first of them in several calls. */
export function diffusersPndm(file: SamplingFile, golden: SamplingCase): Plan {
  const timesteps = golden.timesteps!;
  const { config, schedule, guess, timeOf, length } = diffusersChain(file, golden, timesteps);
  const stride = Math.floor(length / golden.num_inference_steps!);
  const last = config.set_alpha_to_one ? -1 : 0;
  const average = predictionOf(golden) === "v_prediction" ? "v" : "eps";
  const improved = config.skip_prk_steps === true;
  const steps = improved
    ? timesteps.filter((step, i) => step !== timesteps[i - 1])
    : [0, 4, 8].map((i) => timesteps[i]!).concat(timesteps.slice(12));
  const end = (i: number) => timeOf(steps[i]! - stride < 0 ? last : steps[i]! - stride);
  const sampler = improved ? improvedStart() : pndm({ start: "runge-kutta", average });
  return {
    schedule,
    sampler: endingAt(sampler, schedule, (i) => (!improved && i < 3 ? undefined : end(i))),
    denoise: guess,
    paths: [pathOf(steps, last, timeOf)],
  };

  function improvedStart(): Sampler {
    const [first, second] = steps as [number, number?];
    if (second === undefined || first - second === stride) return pndm({ start: "improved-euler", average });
    return plms({ schedule, average, second: timeOf(second), above: timeOf(second + stride) });
  }
}

/** A sampler whose steps end where the reference's do, wherever the next one starts. */
function endingAt(
  sampler: Sampler,
  schedule: NoiseSchedule,
  end: (index: number) => number | undefined,
): Sampler {
  return {
    ...sampler,
    step(input) {
      const time = end(input.index);
      return sampler.step(time === undefined ? input : { ...input, to: momentAt(schedule, time) });
    },
  };
}

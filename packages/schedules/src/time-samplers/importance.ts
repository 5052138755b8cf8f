import { fail, type NoiseSchedule, option, type Plugin, stepOfTime, timeOfStep } from "@ddpm/core";
import type { LearningTimeSampler, TimeMemory } from "@ddpm/core/authoring";
import { plugin } from "../plugin.ts";
import { drawEach } from "./draw.ts";

/** Options of {@link importance}. */
export interface ImportanceOptions {
  /** Losses remembered per step, and needed of every step before anything but uniform is drawn; 10. */
  readonly history?: number | undefined;
  /** Share of draws that stays uniform; 0.001. */
  readonly uniformShare?: number | undefined;
}

type Settings = Required<{ [Name in keyof ImportanceOptions]: NonNullable<ImportanceOptions[Name]> }>;

/**
 * Steps are drawn in proportion to the root of the mean of their last ten squared losses, and weighted back; uniform
 * until every step has ten. Only for chains. Its memory: the last losses of every step, oldest first.
 *
 * Source: Nichol and Dhariwal 2021, eq. 18; improved-diffusion resample.py, `LossSecondMomentResampler`.
 */
export const importance: Plugin<ImportanceOptions, LearningTimeSampler> = plugin({
  name: "importance",
  about: "Steps with large losses are drawn more often, and count less.",
  source: "Nichol and Dhariwal 2021, eq. 18; improved-diffusion resample.py",
  options: {
    history: option.number().int().min(1).default(10).describe("losses remembered per step"),
    uniformShare: option.number().min(0).max(1).default(0.001).describe("share of draws that stays uniform"),
  },
  create: (settings) => sampler(settings, []),
});

function sampler(settings: Settings, memory: TimeMemory): LearningTimeSampler {
  const { history, uniformShare } = settings;
  const warm = memory.length > 0 && memory.every((losses) => losses.length >= history);
  const roots = memory.map((losses) =>
    Math.sqrt(losses.reduce((sum, loss) => sum + loss ** 2, 0) / losses.length),
  );
  const total = roots.reduce((sum, root) => sum + root, 0);
  const probability = (step: number, steps: number) =>
    warm && total > 0 ? ((1 - uniformShare) * roots[step]!) / total + uniformShare / steps : 1 / steps;

  return {
    name: "importance",
    memory,
    draw(images, random, schedule) {
      const steps = stepsFor(schedule, memory);
      const cumulative = new Float64Array(steps);
      for (let i = 0, sum = 0; i < steps; i++) cumulative[i] = sum += probability(i, steps);
      return drawEach(images, random, (own) => {
        const u = own.uniform() * cumulative[steps - 1]!;
        return timeOfStep(firstAbove(cumulative, u), steps);
      });
    },
    weight(t, schedule) {
      const steps = stepsFor(schedule, memory);
      return 1 / (steps * probability(stepAt(t, steps), steps));
    },
    learn(times, losses, schedule) {
      const steps = stepsFor(schedule, memory);
      const grown = Array.from({ length: steps }, (_, i) => [...(memory[i] ?? [])]);
      for (let k = 0; k < times.length; k++) {
        const loss = losses[k];
        if (loss === undefined || !(loss >= 0 && loss < Number.POSITIVE_INFINITY)) {
          fail(
            "schedules/importance",
            `loss ${k} is ${loss}, expected a finite number that is not negative.`,
          );
        }
        grown[stepAt(times[k]!, steps)]!.push(loss);
      }
      const last = grown.map((own) => own.slice(-history));
      return sampler(settings, last);
    },
    recall: (remembered) => sampler(settings, remembered),
  };
}

function stepsFor({ name, steps }: NoiseSchedule, memory: readonly unknown[]): number {
  if (steps === undefined) fail("schedules/importance", `schedule ${name} has no steps.`, "Take log-normal.");
  if (memory.length > 0 && memory.length !== steps) {
    fail("schedules/importance", `memory of ${memory.length} steps given for a schedule of ${steps}.`);
  }
  return steps;
}

function stepAt(t: number, steps: number): number {
  const step = stepOfTime(t, steps);
  if (!(Number.isInteger(step) && step >= 0 && step < steps)) {
    fail("schedules/importance", `time ${t} is not one of the ${steps} steps.`);
  }
  return step;
}

function firstAbove(cumulative: Float64Array, u: number): number {
  let low = 0;
  let high = cumulative.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (cumulative[middle]! > u) high = middle;
    else low = middle + 1;
  }
  return low;
}

import type { NoiseSchedule } from "../../../packages/core/src/index.ts";
import { odeTime } from "../../../packages/diffusion/src/index.ts";
import { choiceOf, type Declared, memberOf, numberOf, translate } from "../declared.ts";
import { unsupported } from "../result.ts";
import type { SamplingCase, SamplingFile } from "./file.ts";
import { edmChurnNames, edmLadder, sigmaSpaceGuess } from "./karras.ts";
import type { Plan } from "./trace.ts";

/** A noise level as a function of time, and back. */
export interface LevelOfTime {
  readonly sigma: (time: number) => number;
  readonly time: (sigma: number) => number;
}

interface Range {
  readonly low: number;
  readonly high: number;
}

/** VP of Song et al. with the betas that reach from `low` at time `first` to `high` at time 1. */
function variancePreserving({ low, high }: Range, first: number): LevelOfTime {
  const [near, far] = [Math.log(low ** 2 + 1), Math.log(high ** 2 + 1)];
  const rise = (2 * (near / first - far)) / (first - 1);
  const start = far - rise / 2;
  return {
    sigma: (time) => Math.sqrt(Math.expm1((rise * time ** 2) / 2 + start * time)),
    time: (sigma) => (Math.sqrt(start ** 2 + 2 * rise * Math.log1p(sigma ** 2)) - start) / rise,
  };
}

const schedules = {
  vp: variancePreserving,
  ve: () => ({ sigma: Math.sqrt, time: (sigma: number) => sigma ** 2 }),
  linear: () => ({ sigma: (time: number) => time, time: (sigma: number) => sigma }),
};

/** The levels of improved-diffusion's chain inside a range, highest first: EDM's table 1, column iDDPM. */
function chainLevels({ low, high }: Range, steps: number, least: number, offset: number): number[] {
  const abar = (j: number) => Math.sin((Math.PI * j) / (2 * steps * (offset + 1))) ** 2;
  const levels = [0];
  for (let j = steps; j > 0; j--) {
    levels.unshift(Math.sqrt((levels[0]! ** 2 + 1) / Math.max(abar(j - 1) / abar(j), least) - 1));
  }
  return levels.filter((level) => level >= low && level <= high);
}

/** Half-way numbers go to the even neighbour, as torch rounds. */
export function roundedToEven(value: number): number {
  return Math.abs(value % 1) === 0.5 ? 2 * Math.round(value / 2) : Math.round(value);
}

/** Options of ablation_sampler that are no option of a sampler here. */
const read = [
  "num_steps",
  "discretization",
  "schedule",
  "scaling",
  "solver",
  "sigma_min",
  "sigma_max",
  "rho",
  "epsilon_s",
  "C_1",
  "C_2",
  "M",
  "alpha",
];

const ranges: Readonly<Record<string, Range>> = {
  vp: { low: 0, high: Math.sqrt(Math.expm1(10.05)) },
  ve: { low: 0.02, high: 100 },
  iddpm: { low: 0.002, high: 81 },
  edm: { low: 0.002, high: 80 },
};

/** The lowest and the highest level that the options ask for. */
function rangeOf(options: Declared): Range {
  const { discretization = "edm" } = options;
  const first = numberOf(options, "epsilon_s", 1e-3);
  const usual =
    memberOf(ranges, String(discretization)) ??
    unsupported(`the discretisation ${discretization} is not there`);
  const lowest =
    discretization === "vp" ? Math.sqrt(Math.expm1((19.9 * first ** 2) / 2 + 0.1 * first)) : usual.low;
  return {
    low: numberOf(options, "sigma_min", lowest),
    high: numberOf(options, "sigma_max", usual.high),
  };
}

/** The time in which the options' schedule takes its steps. */
export function timeOfAblation(options: Declared): LevelOfTime {
  const { schedule = "linear" } = options;
  const make =
    memberOf<(range: Range, first: number) => LevelOfTime>(schedules, String(schedule)) ??
    unsupported(`the schedule ${schedule} is not there`);
  return make(rangeOf(options), numberOf(options, "epsilon_s", 1e-3));
}

/** ablation_sampler: any discretisation with any schedule and scaling. */
export function edmAblation(file: SamplingFile, golden: SamplingCase): Plan {
  const options = golden.options!;
  const { discretization = "edm" } = options;
  const scaled = choiceOf(options, "scaling", { none: false, vp: true }, "none");
  const second = choiceOf(options, "solver", { heun: true, euler: false }, "heun");
  const setting = (name: string, otherwise: number) => numberOf(options, name, otherwise);
  const churn = translate(options, {
    ...Object.fromEntries(read.map((name) => [name, null])),
    ...edmChurnNames,
  });
  const range = rangeOf(options);
  const { sigma: sigmaOf, time } = timeOfAblation(options);

  const levels = levelsOf(String(discretization), range, setting);
  const end = 2 * time(2 * levels[0]!);
  const schedule: NoiseSchedule = {
    name: "ablation",
    at(t) {
      const sigma = sigmaOf(t * end);
      const alpha = scaled ? 1 / Math.hypot(1, sigma) : 1;
      return { alpha, sigma: sigma * alpha };
    },
    timeAt: (lambda) => time(Math.exp(-lambda)) / end,
  };
  const { sigma } = schedule.at(time(levels[0]!) / end);
  return {
    schedule,
    sampler: odeTime({ second: second ? setting("alpha", 1) : 0, ...churn }),
    denoise: sigmaSpaceGuess(file, golden),
    paths: [[...levels.map((level) => time(level) / end), 0]],
    scale: sigma,
  };
}

/** The levels that a discretisation asks for, without the 0 at the end. */
function levelsOf(
  discretization: string,
  range: Range,
  setting: (name: string, otherwise: number) => number,
): readonly number[] {
  const { low, high } = range;
  const count = setting("num_steps", 18);
  const first = setting("epsilon_s", 1e-3);
  const even = Array.from({ length: count }, (_, i) => i / (count - 1));
  if (discretization === "vp") {
    const { sigma } = variancePreserving(range, first);
    return even.map((share) => sigma(1 + share * (first - 1)));
  }
  if (discretization === "ve") return even.map((share) => high * (low / high) ** share);
  if (discretization === "edm") return edmLadder(count, { low, high, rho: setting("rho", 7) }).slice(0, -1);
  const levels = chainLevels(range, setting("M", 1000), setting("C_1", 0.001), setting("C_2", 0.008));
  return even.map((_, i) => levels[roundedToEven(((levels.length - 1) / (count - 1)) * i)]!);
}

import type { LossWeight } from "../../packages/core/src/index.ts";
import { snrWeight, softMinSnr } from "../../packages/diffusion/src/index.ts";
import { type Declared, memberOf } from "./declared.ts";
import { ratioAt } from "./ladder-cases.ts";
import { type Meaning, meaningOf, SINGLE } from "./preconditioning-classes.ts";
import { type Allowed, type Case, caseOf, errorOf, unsupported } from "./result.ts";

/** Which lists a case has depends on the reference's class; every one of them is compared. */
export interface PreconditioningCase {
  readonly reference: string;
  readonly name: string;
  readonly options: Declared;
  readonly sigma: readonly number[];
  readonly [list: string]: unknown;
}

/** What a class says at a noise level, for x / alpha. */
interface Scalings {
  readonly u: number;
  readonly skip: number;
  readonly out: number;
  readonly in: number;
  readonly noise: number;
  /** A weight on x̂_0 as one on the network's own output. */
  weighted(weight: LossWeight): number;
}

function scalingsAt({ parameterization, schedule, timeAt }: Meaning, u: number): Scalings {
  const preserves = schedule.at(1).alpha < 1;
  const alpha = preserves ? 1 / Math.hypot(1, u) : 1;
  const moment = { alpha, sigma: u * alpha, t: timeAt(u) };
  const meaning = parameterization.at(moment, schedule);
  const { skip, out, noise } = meaning;
  const weighted = (weight: LossWeight) => weight.at(moment, schedule, meaning) * out ** 2;
  return { u, skip: skip * alpha, out, in: meaning.in * alpha, noise, weighted };
}

type Compare = (meaning: Meaning, golden: PreconditioningCase) => number;
type List = readonly number[];

/** Compares a number of every level; float32 references to the rounding of numbers of `size`. */
function each(
  name: string,
  of: (given: Scalings, meaning: Meaning) => number,
  error: (given: Scalings, meaning: Meaning) => number = (given, meaning) =>
    2 * SINGLE * Math.abs(of(given, meaning)),
): Compare {
  return (meaning, golden) => {
    const wanted = golden[name] as List;
    if (wanted.length !== golden.sigma.length) return Number.POSITIVE_INFINITY;
    const errors = golden.sigma.map((u, i) => {
      const given = scalingsAt(meaning, u);
      const allowed: Allowed = meaning.exact ? { rel: 1e-12 } : { abs: error(given, meaning) };
      return errorOf([of(given, meaning)], [wanted[i]!], allowed);
    });
    return Math.max(...errors);
  };
}

/** A float32 √(e^y − 1) or √(1/ᾱ − 1): a rounding of 1 under the root. */
const rooted = (u: number): Allowed => ({ abs: SINGLE / u, rel: 4e-6 });

const end =
  (name: string, which: 0 | 1): Compare =>
  ({ range }, golden) => {
    const ours = range?.[which] ?? unsupported(`the class has no ${name}`);
    return errorOf([ours], [golden[name] as number], rooted(ours));
  };

/** EDM counts the steps of a chain from the noisiest on; the last is clean. */
const fromTop = ({ schedule: { steps } }: Meaning, t: number) => Math.round((1 - t) * (steps ?? 0));
const float32Chain: Allowed = { abs: 6e-6, rel: 4e-6 };

const comparisons: Readonly<Record<string, Compare>> = {
  D_x_with_x_1_and_F_2: each(
    "D_x_with_x_1_and_F_2",
    ({ skip, out }) => skip + 2 * out,
    ({ skip, out }) => 2 * SINGLE * (Math.abs(skip) + Math.abs(2 * out)),
  ),
  D_x_with_x_0_and_F_2: each("D_x_with_x_0_and_F_2", ({ out }) => 2 * out),
  c_skip: each("c_skip", ({ skip }) => skip),
  c_out: each("c_out", ({ out }) => out),
  c_in: each("c_in", (given) => given.in),
  c_noise: each(
    "c_noise",
    ({ noise }) => noise,
    ({ u, noise }, { noiseError }) => noiseError?.(u) ?? SINGLE * (1 + Math.abs(noise)),
  ),
  sigma_to_t: each("sigma_to_t", ({ noise }) => noise),
  weighting_snr: each("weighting_snr", ({ weighted }) => weighted(snrWeight())),
  weighting_soft_min_snr: each("weighting_soft_min_snr", ({ weighted }, { sigmaData = 1 }) =>
    weighted(softMinSnr({ gamma: sigmaData ** -2 })),
  ),
  sigma_min: end("sigma_min", 0),
  sigma_max: end("sigma_max", 1),
  sigma_at_t({ schedule }, golden) {
    const { t, sigma } = golden.sigma_at_t as { t: List; sigma: List };
    return errorOf(
      t.map((time) => ratioAt(schedule, time)),
      sigma,
      { rel: 1e-10 },
    );
  },
  t_at_sigma: ({ timeAt }, { sigma, t_at_sigma }) =>
    errorOf(sigma.map(timeAt), t_at_sigma as List, { abs: 1e-13, rel: 1e-11 }),
  u({ schedule }, { u, u_index }) {
    const ours = (u_index as List).map((i) => ratioAt(schedule, 1 - i / schedule.steps!));
    return errorOf(ours, u as List, float32Chain);
  },
  round_sigma: ({ schedule, timeAt }, { sigma, round_sigma }) =>
    errorOf(
      sigma.map((u) => ratioAt(schedule, timeAt(u))),
      round_sigma as List,
      float32Chain,
    ),
  round_sigma_index: (meaning, { sigma, round_sigma_index }) =>
    errorOf(
      sigma.map((u) => fromTop(meaning, meaning.timeAt(u))),
      round_sigma_index as List,
      {},
    ),
};

/** EDM's classes, in float32, and k-diffusion's, in float64. */
export function preconditioningCase(golden: PreconditioningCase, i: number): Case {
  return caseOf(`preconditioning/${i} ${golden.name}`, () => {
    const { id: _id, reference, name, options = {}, sigma: _, note: __, u_index: ___, ...lists } = golden;
    if (Object.keys(lists).length === 0) throw new Error("the case stores no lists to compare");
    const meaning = meaningOf(reference, name, options);
    const errors = Object.keys(lists).map((list) => {
      const compare = memberOf(comparisons, list) ?? unsupported(`nothing compares ${list}`);
      return compare(meaning, golden);
    });
    return Math.max(...errors);
  });
}

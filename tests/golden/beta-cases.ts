import type { NoiseSchedule } from "../../packages/core/src/index.ts";
import { chainOf, schedules } from "../../packages/schedules/src/index.ts";
import { type Declared, translate } from "./declared.ts";
import { type Allowed, type Case, caseOf, errorOf, unsupported } from "./result.ts";

export interface BetaCase {
  readonly id: string;
  readonly reference: string;
  readonly name: string;
  readonly T: number;
  readonly options: Declared;
  readonly dtype: string;
  readonly index: readonly number[];
  readonly betas: readonly number[];
  readonly alphas_cumprod: readonly number[];
  readonly dev_vs_float64?: {
    readonly betas_max_abs: number;
    readonly alphas_cumprod_max_abs: number;
    readonly alphas_cumprod_max_rel: number;
  };
}

export interface SeedTable {
  readonly reference: string;
  readonly T: number;
  readonly index: readonly number[];
  readonly alphas_cumprod_prev: readonly number[];
  readonly sqrt_alphas_cumprod: readonly number[];
  readonly sqrt_recip_alphas: readonly number[];
  readonly sqrt_one_minus_alphas_cumprod: readonly number[];
  readonly posterior_variance: readonly number[];
}

type Family = {
  readonly spec: { readonly name: string } & Declared;
  readonly options?: Readonly<Record<string, string | null>>;
};

const ends = { beta_start: "betaStart", beta_end: "betaEnd" };
const none = { beta_start: null, beta_end: null };
const linear: Family = { spec: { name: "linear" }, options: ends };

/** What each reference's names mean here. */
const families: readonly { readonly reference: RegExp; readonly names: Readonly<Record<string, Family>> }[] =
  [
    {
      reference: /^huggingface\/diffusers$/,
      names: {
        linear,
        scaled_linear: { spec: { name: "scaled-linear", betaStart: 1e-4, betaEnd: 0.02 }, options: ends },
        squaredcos_cap_v2: { spec: { name: "cosine" }, options: none },
        sigmoid: { spec: { name: "beta-sigmoid" }, options: ends },
        laplace: { spec: { name: "laplace" }, options: none },
        exp: { spec: { name: "exponential" }, options: none },
        betas_for_alpha_bar_exp: { spec: { name: "exponential" }, options: { max_beta: "maxBeta" } },
        betas_for_alpha_bar_cosine: { spec: { name: "cosine" }, options: { max_beta: "maxBeta" } },
        betas_for_alpha_bar_laplace: { spec: { name: "laplace" }, options: { max_beta: "maxBeta" } },
      },
    },
    {
      reference: /^lucidrains\//,
      names: {
        linear: { spec: { name: "linear", rescale: true } },
        cosine: { spec: { name: "cosine" }, options: { s: "offset" } },
        sigmoid: {
          spec: { name: "sigmoid", float32Ends: true },
          options: { start: "start", end: "end", tau: "tau" },
        },
      },
    },
    {
      reference: /^openai\//,
      names: {
        linear: { spec: { name: "linear", rescale: true } },
        cosine: { spec: { name: "cosine" } },
      },
    },
    {
      reference: /^hojonathanho\//,
      names: {
        linear,
        quad: { spec: { name: "quadratic" }, options: ends },
        warmup10: { spec: { name: "warmup", share: 0.1 }, options: ends },
        warmup50: { spec: { name: "warmup", share: 0.5 }, options: ends },
        const: { spec: { name: "constant" }, options: { beta_start: null, beta_end: "beta" } },
        jsd: { spec: { name: "jsd" }, options: none },
      },
    },
    {
      reference: /^huggingface\/(annotated-diffusion|notebooks|blog)/,
      names: {
        linear,
        cosine: {
          spec: { name: "cosine" },
          options: { s: "offset", minBeta: "minBeta", maxBeta: "maxBeta" },
        },
        quadratic: { spec: { name: "quadratic" }, options: ends },
        quadratic_2022: { spec: { name: "quadratic", squareEnds: true }, options: ends },
        sigmoid: { spec: { name: "beta-sigmoid" }, options: ends },
      },
    },
    { reference: /^(labmlai|dataflowr|mxagar)\//, names: { linear } },
  ];

/** The schedule that a reference calls `name`, with T steps and these options. */
export function scheduleOf(
  reference: string,
  name: string,
  steps: number,
  options: Declared,
  more: { readonly terminal?: number; readonly interpolate?: "sigma" } = {},
): NoiseSchedule {
  const family = families.find((entry) => entry.reference.test(reference))?.names[name];
  if (!family) return unsupported(`no schedule is declared as ${name} of ${reference}`);
  const { rescale_betas_zero_snr: zero, clip, ...rest } = options;
  const [minBeta, maxBeta] = Array.isArray(clip) ? clip : [];
  const given = Array.isArray(clip) ? { ...rest, minBeta, maxBeta } : rest;
  const { terminal = 0, ...interpolate } = more;
  const spec = { ...family.spec, ...translate(given, family.options ?? {}), steps, ...interpolate };
  return schedules.create(zero ? { name: "zero-terminal", of: spec, terminal, ...interpolate } : spec);
}

/** Betas and ᾱ: float64 references to rounding, float32 ones to four times their own distance from float64. */
export function betaCases(cases: readonly BetaCase[]): Case[] {
  return cases.map((golden) =>
    caseOf(golden.id, () => {
      const { betas, abar } = chainOf(scheduleOf(golden.reference, golden.name, golden.T, golden.options));
      const dev = golden.dev_vs_float64;
      const double = golden.dtype === "float64";
      const forBetas: Allowed = double ? exact : { abs: 4 * (dev?.betas_max_abs ?? 2.5e-7), rel: 1e-7 };
      const forAbar: Allowed = double
        ? exact
        : { abs: 1e-12, rel: 4 * (dev?.alphas_cumprod_max_rel ?? 2.5e-7) + 1e-7 };
      return Math.max(
        errorOf(pick(betas, golden.index), golden.betas, forBetas),
        errorOf(pick(abar, golden.index), golden.alphas_cumprod, forAbar),
      );
    }),
  );
}

/** Rounding of a float64 product of up to 4000 factors. */
const exact: Allowed = { abs: 1e-15, rel: 1e-10 };

/** The derived float32 tables of a notebook with the linear schedule. */
export function seedCases(tables: readonly SeedTable[]): Case[] {
  return tables.map((golden, i) =>
    caseOf(`seed_tables/${i} T = ${golden.T}`, () => {
      const { abar, abarPrev, alphas, posteriorVariance } = chainOf(
        scheduleOf(golden.reference, "linear", golden.T, {}),
      );
      const allowed = { abs: 1e-6, rel: 1e-6 };
      const error = (table: Float64Array, wanted: readonly number[]) =>
        errorOf(pick(table, golden.index), wanted, allowed);
      return Math.max(
        error(abarPrev, golden.alphas_cumprod_prev),
        error(abar.map(Math.sqrt), golden.sqrt_alphas_cumprod),
        error(
          alphas.map((alpha) => Math.sqrt(1 / alpha)),
          golden.sqrt_recip_alphas,
        ),
        error(
          abar.map((value) => Math.sqrt(1 - value)),
          golden.sqrt_one_minus_alphas_cumprod,
        ),
        error(posteriorVariance, golden.posterior_variance),
      );
    }),
  );
}

function pick(table: Float64Array, index: readonly number[]): number[] {
  return index.map((i) => table[i]!);
}

import { chainOf } from "../../packages/schedules/src/index.ts";
import type { Declared } from "./declared.ts";
import { scheduleOf } from "./references/schedules.ts";
import { type Allowed, type Case, caseOf, errorOf } from "./result.ts";

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

/** Betas and ᾱ: float64 references to rounding, float32 ones to four times their own distance from float64. */
export function betaCase(golden: BetaCase): Case {
  return caseOf(golden.id, () => {
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
  });
}

/** Rounding of a float64 product of up to 4000 factors. */
const exact: Allowed = { abs: 1e-15, rel: 1e-10 };

/** The derived float32 tables of a notebook with the linear schedule. */
export function seedCase(golden: SeedTable, i: number): Case {
  return caseOf(`seed_tables/${i} T = ${golden.T}`, () => {
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
  });
}

function pick(table: Float64Array, index: readonly number[]): number[] {
  return index.map((i) => table[i]!);
}

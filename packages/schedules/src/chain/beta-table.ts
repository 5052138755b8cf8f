import { fail, type NoiseSchedule } from "@ddpm/core";
import type { ErrorPlace } from "@ddpm/core/authoring";
import { type Entry, entryOf, type InterpolationName, interpolationBetween } from "./interpolate.ts";

/** A DDPM chain of T discrete steps, with everything its betas say. */
export interface BetaTable extends NoiseSchedule {
  readonly steps: number;
  /** β_i ∈ (0, 1), [T]; the last one may be 1 (no signal left). */
  readonly betas: Float64Array;
  /** ᾱ_i = Π_{j ≤ i} (1 − β_j), [T]. */
  readonly abar: Float64Array;
  /** How many betas were cut to the limits that the options name. */
  readonly clipped: number;
  timeAt(lambda: number): number;
}

/** Options of {@link betaTable}. */
export interface BetaTableOptions {
  /**
   * Between two entries, what runs straight: log-SNR, or sigma / alpha (diffusers' Euler and Heun).
   * `log-snr` when left out.
   */
  readonly interpolate?: InterpolationName | undefined;
  /** Betas that were cut to a limit, for {@link lint}; 0 when left out. */
  readonly clipped?: number | undefined;
}

/** How far t · T may be from a whole number, in steps, and still stand for that step. */
const ROUNDING = 1e-9;

/** What t = 0 stands for. */
const CLEAN: Entry = { abar: 1, rest: 0, alpha: 1, sigma: 0, lambda: Number.POSITIVE_INFINITY };

/**
 * A schedule from betas: ᾱ by a float64 cumulative product, alpha = √ᾱ, sigma = √(1 − ᾱ) (Ho et al. 2020, eq. 4).
 *
 * Entry i stands at t = (i + 1) / T and is returned exactly. Between entries log-SNR runs straight. Where log-SNR is
 * infinite at one end — from clean data at t = 0 to the first entry, and into a last entry without signal — ᾱ runs
 * straight instead, so that the level is continuous and strictly falling on the whole of [0, 1].
 *
 * @param betas β_i ∈ (0, 1), at least one; the last may be 1
 * @throws DdpmError naming the first beta out of range, or one too small to change ᾱ
 */
export function betaTable(
  name: string,
  betas: Iterable<number>,
  { interpolate = "log-snr", clipped = 0 }: BetaTableOptions = {},
): BetaTable {
  const table = Float64Array.from(betas);
  const steps = table.length;
  const abar = cumulative(name, table);
  const entries = Array.from(abar, entryOf);
  const entry = (i: number): Entry => (i < 0 ? CLEAN : entries[i]!);

  return {
    name,
    steps,
    betas: table,
    abar,
    clipped,
    at(t) {
      if (!(t >= 0 && t <= 1)) fail(`schedules/${name}`, `time ${t} given, expected a number in [0, 1].`);
      const place = t * steps;
      const whole = Math.round(place);
      if (t === 0 || (whole > 0 && Math.abs(place - whole) < ROUNDING)) {
        const { alpha, sigma } = entry(whole - 1);
        return { alpha, sigma };
      }
      const low = Math.floor(place);
      const a = entry(low - 1);
      const b = entry(low);
      return interpolationBetween(a, b, interpolate).level(a, b, place - low);
    },
    timeAt(lambda) {
      const next = firstAtMost(entries, lambda);
      if (next === steps) return 1;
      const b = entry(next);
      if (b.lambda === lambda) return (next + 1) / steps;
      const a = entry(next - 1);
      return (next + interpolationBetween(a, b, interpolate).fraction(a, b, lambda)) / steps;
    },
  };
}

function cumulative(name: string, betas: Float64Array): Float64Array {
  const where: ErrorPlace = `schedules/${name}`;
  const last = betas.length - 1;
  if (last < 0) fail(where, "no betas given, expected at least one.");
  const abar = new Float64Array(betas.length);
  let product = 1;
  betas.forEach((beta, i) => {
    if (Number.isNaN(beta)) fail(where, `β at step ${i} is not a number, expected one in (0, 1).`, SILENT);
    if (!(beta > 0 && (beta < 1 || (beta === 1 && i === last)))) {
      fail(where, `β at step ${i} is ${beta}, expected a number in (0, 1).`, "Only the last β may be 1.");
    }
    abar[i] = product * (1 - beta);
    if (!(abar[i]! < product)) fail(where, `β at step ${i} is ${beta}: too small to change ᾱ in float64.`);
    product = abar[i]!;
  });
  return abar;
}

const SILENT = "Where ᾱ is 0 before the last step, no β follows from it: let it fall more slowly.";

/** Index of the first entry whose lambda is at most `lambda`; the number of entries when there is none. */
function firstAtMost(entries: readonly Entry[], lambda: number): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (entries[middle]!.lambda <= lambda) high = middle;
    else low = middle + 1;
  }
  return low;
}

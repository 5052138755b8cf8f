import { type EmaFile, emaCases } from "./ema-cases.ts";
import { type FunctionalFile, functionalCases } from "./functional-cases.ts";
import { clipCases, type OptimizerFile, optimizerCases } from "./optimizer-cases.ts";
import { type RateFile, rateCases } from "./rate-cases.ts";

/** One comparison with a reference, or why there is none. */
export interface Case {
  readonly id: string;
  /** Largest error in units of what is allowed; at most 1 passes. */
  readonly error?: number;
  /** Why it is not run. */
  readonly reason?: string;
}

/** What became of the file. */
export interface GoldenResult {
  readonly passed: number;
  readonly failed: number;
  readonly unsupported: readonly { readonly id: string; readonly reason: string }[];
  readonly failures: readonly { readonly id: string; readonly reason: string }[];
  readonly worst: number;
}

type File = EmaFile & RateFile & OptimizerFile & FunctionalFile;

/**
 * Checks averages, learning rates, optimisers, clipping, and the layers and losses behind `functional`, on the backend
 * that is active: hosts' numbers to 1e-12, tensors to a few float32 roundings.
 */
export async function runFile(json: unknown): Promise<GoldenResult> {
  const file = json as File;
  const cases: Case[] = [
    ...(await emaCases(file)),
    ...rateCases(file),
    ...(await optimizerCases(file)),
    ...(await clipCases(file)),
    ...(await functionalCases(file)),
  ];
  const failures = cases.filter(({ error }) => error !== undefined && !(error <= 1));
  const passed = cases.filter(({ error }) => error !== undefined && error <= 1);
  return {
    passed: passed.length,
    failed: failures.length,
    unsupported: cases.flatMap(({ id, reason }) => (reason === undefined ? [] : [{ id, reason }])),
    failures: failures.map(({ id, error }) => ({ id, reason: `${error} times the allowed error` })),
    worst: Math.max(0, ...cases.map(({ error }) => error ?? 0)),
  };
}

/** Largest difference in units of allowed · max(1, |golden|) (relative alone where all numbers are small). */
export function errorOf(
  ours: ArrayLike<number>,
  golden: ArrayLike<number>,
  allowed: number,
  floor = 1,
): number {
  if (ours.length !== golden.length) return Number.POSITIVE_INFINITY;
  let worst = 0;
  for (let i = 0; i < golden.length; i++) {
    const error = Math.abs(ours[i]! - golden[i]!) / (allowed * Math.max(floor, Math.abs(golden[i]!)));
    if (!(error <= worst)) worst = error;
  }
  return worst;
}

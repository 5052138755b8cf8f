import { fail } from "@ddpm/core";
import type { Estimate } from "./estimate.ts";
import { sameExtractor } from "./features.ts";
import { normalTail } from "./statistics/normal-tail.ts";

/** How two estimates of the same thing differ. */
export interface Difference {
  readonly metric: string;
  /** b − a */
  readonly value: number;
  readonly standardError: number;
  readonly interval: readonly [low: number, high: number];
  /** Two-sided: how often chance alone makes a difference this large. */
  readonly p: number;
  /** The interval leaves out 0. */
  readonly significant: boolean;
  readonly of: string;
}

/**
 * b − a, for two estimates from independent draws of images; normal approximation. Both may share the real images,
 * whose part of the error then cancels and the interval is a little too wide.
 *
 * @throws DdpmError for different metrics or extractors, or an estimate without a standard error
 */
export function difference(a: Estimate, b: Estimate): Difference {
  if (a.metric !== b.metric) {
    fail("metrics/difference", `${a.metric} and ${b.metric} given, expected the same metric and settings.`);
  }
  const of = sameExtractor("difference", { of: a.of }, { of: b.of });
  if (a.standardError === undefined || b.standardError === undefined) {
    const hint = "Use a metric that gives one, e.g. frechetInfinity instead of frechetDistance.";
    fail("metrics/difference", `${a.metric} has no standard error.`, hint);
  }
  const value = b.value - a.value;
  const standardError = Math.hypot(a.standardError, b.standardError);
  const reach = 1.959963984540054 * standardError;
  const p = standardError === 0 ? (value === 0 ? 1 : 0) : 2 * normalTail(Math.abs(value) / standardError);
  const interval = [value - reach, value + reach] as const;
  return { metric: a.metric, value, standardError, interval, p, significant: p < 0.05, of };
}

import { fail } from "@ddpm/core";
import { sameExtractor } from "../features/features.ts";
import type { Estimate } from "./estimate.ts";
import { normalTail } from "./normal-tail.ts";

/** The difference of two estimates of the same metric. */
export interface EstimateDifference {
  readonly metric: string;
  readonly settings?: Estimate["settings"];
  /** b − a */
  readonly value: number;
  readonly standardError: number;
  readonly interval: readonly [low: number, high: number];
  /** Two-sided p-value. */
  readonly p: number;
  /** Whether the interval excludes 0. */
  readonly significant: boolean;
  readonly of: string;
}

/**
 * b − a of two estimates from independent draws of images, by normal approximation. Where both share the real images, the
 * interval is a little too wide.
 *
 * @throws DdpmError for different metrics or extractors, or an estimate without a standard error
 */
export function compareEstimates(a: Estimate, b: Estimate): EstimateDifference {
  if (!isSameMetric(a, b)) {
    fail(
      "metrics/compare-estimates",
      `${inWords(a)} and ${inWords(b)} given, expected the same metric and settings.`,
    );
  }
  const of = sameExtractor("compare-estimates", { of: a.of }, { of: b.of });
  if (a.standardError === undefined || b.standardError === undefined) {
    const hint = "Use a metric that gives one, e.g. frechetInfinity instead of frechetDistance.";
    fail("metrics/compare-estimates", `${a.metric} has no standard error.`, hint);
  }
  const value = b.value - a.value;
  const standardError = Math.hypot(a.standardError, b.standardError);
  const reach = 1.959963984540054 * standardError;
  const p = standardError === 0 ? (value === 0 ? 1 : 0) : 2 * normalTail(Math.abs(value) / standardError);
  const interval = [value - reach, value + reach] as const;
  const { metric, settings } = a;
  const subject = settings ? { metric, settings } : { metric };
  return { ...subject, value, standardError, interval, p, significant: p < 0.05, of };
}

/** A metric with the settings that change its meaning. */
type NamedMetric = Pick<Estimate, "metric" | "settings">;

/** Whether two estimates are of one metric with the same settings. */
export function isSameMetric(a: NamedMetric, b: NamedMetric): boolean {
  return inWords(a) === inWords(b);
}

function inWords({ metric, settings = {} }: NamedMetric): string {
  const sorted = Object.entries(settings).sort(([x], [y]) => (x < y ? -1 : 1));
  return [metric, ...sorted.map(([name, value]) => `${name}=${value}`)].join(" ");
}

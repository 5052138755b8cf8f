import { fail } from "@ddpm/core";
import type { Estimate } from "../statistics/estimate.ts";
import type { Metric, MetricInput, MetricInputs, MetricResult } from "./metric.ts";

/** An estimate as a row of a table. */
export interface MeasuredEstimate extends Estimate {
  /** What tables call it. */
  readonly label: string;
  readonly better: Metric["better"];
  /** Whether it belongs to the row of its metric above. */
  readonly detail: boolean;
}

/** The results of several metrics. */
export interface Measurement {
  /** In the order of the metrics, each followed by its details. */
  readonly estimates: readonly MeasuredEstimate[];
  /** Contributions of single images, by the name of the metric. */
  readonly contributions: ReadonlyMap<string, Float64Array>;
  /** Remarks of the metrics. */
  readonly notes: readonly string[];
  /** Metrics whose inputs are missing, by what is missing. */
  readonly skipped: readonly SkippedMetrics[];
}

/** Metrics that were not computed. */
export interface SkippedMetrics {
  readonly missing: readonly MetricInput[];
  readonly labels: readonly string[];
}

/** Everything that these metrics need. */
export function needsOf(metrics: readonly Metric[]): ReadonlySet<MetricInput> {
  return new Set(metrics.flatMap(({ needs }) => needs));
}

/**
 * Computes metrics one after the other; those whose inputs are not all there are skipped.
 *
 * @throws DdpmError from the metrics
 */
export async function measure(
  metrics: readonly Metric[],
  inputs: Partial<MetricInputs>,
): Promise<Measurement> {
  const estimates: MeasuredEstimate[] = [];
  const contributions = new Map<string, Float64Array>();
  const notes: string[] = [];
  const missingOf = ({ needs }: Metric): MetricInput[] => needs.filter((need) => !inputs[need]);
  for (const metric of metrics) {
    if (missingOf(metric).length > 0) continue;
    const result = await metric.compute(inputs as MetricInputs);
    estimates.push(...rowsOf(metric, result));
    if (result.contributions) contributions.set(metric.name, result.contributions);
    if (result.note !== undefined) notes.push(result.note);
  }
  return { estimates, contributions, notes, skipped: skippedOf(metrics, missingOf) };
}

function skippedOf(
  metrics: readonly Metric[],
  missingOf: (metric: Metric) => MetricInput[],
): SkippedMetrics[] {
  const incomplete = metrics.filter((metric) => missingOf(metric).length > 0);
  const kinds = new Set(incomplete.map((metric) => missingOf(metric).join()));
  return [...kinds].map((kind) => {
    const same = incomplete.filter((metric) => missingOf(metric).join() === kind);
    return { missing: missingOf(same[0]!), labels: same.map(({ label }) => label) };
  });
}

function rowsOf({ name, label, better }: Metric, result: MetricResult): MeasuredEstimate[] {
  const { estimate, details = [] } = result;
  const own = estimate ? [{ label: result.label ?? label, estimate, detail: false }] : [];
  return [...own, ...details.map((one) => ({ ...one, detail: true }))].map((row) => {
    if (row.estimate.metric !== name)
      fail(
        "metrics/measure",
        `${name} gives an estimate of ${row.estimate.metric}.`,
        "Use one name for both.",
      );
    return { label: row.label, better, detail: row.detail, ...row.estimate };
  });
}

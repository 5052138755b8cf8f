import type { Estimate } from "@ddpm/metrics";

/** What measures are called at the table, by the beginning of their name. */
const MEANING: Readonly<Record<string, string>> = {
  frechet: "Fréchet distance",
  "frechet-infinity": "Fréchet distance, endless samples",
  kid: "KID",
  precision: "precision",
  recall: "recall",
  density: "density",
  coverage: "coverage",
  "inception-score": "Inception Score",
  "sliced-wasserstein": "sliced Wasserstein, pixels",
  "pixel-mean": "brightness, difference",
  "pixel-deviation": "contrast, difference",
  "pixel-histogram": "grey levels, distance",
  "pixel-spectrum": "power spectrum, difference",
  copies: "copies of training images",
  "held-out-copies": "the same among held-out images",
  "eps-loss": "held-out ε-loss",
  "bits-per-dimension": "bits per dimension, at most",
  "bits-per-dimension/prior": "  of them the prior",
  "bits-per-dimension/chain": "  the chain of steps",
  "bits-per-dimension/decoder": "  the decoder",
};

/** Where more is better, or neither is. */
const OTHERWISE = new Set(["precision", "recall", "density", "coverage", "inception-score"]);

/** A measure's name in words. */
export function wordsOf({ metric }: Pick<Estimate, "metric">): string {
  const at = /^(frechet-infinity)-at-(\d+)$/.exec(metric);
  if (at) return `Fréchet distance of ${at[2]}`;
  const times = /^eps-loss\/([\d.]+)-([\d.]+)$/.exec(metric);
  if (times) return `  at times ${times[1]} to ${times[2]}`;
  return MEANING[metric] ?? MEANING[metric.split("/")[0]!] ?? metric;
}

/** Whether less of it is better. */
export function lessIsBetter({ metric }: Pick<Estimate, "metric">): boolean {
  return !OTHERWISE.has(metric.split("/")[0]!);
}

/** A value with its standard error, to as many digits as the error leaves. */
export function plusMinus({ value, standardError }: Pick<Estimate, "value" | "standardError">): string {
  if (standardError === undefined || !(standardError > 0)) return (value || 0).toPrecision(3);
  if (standardError >= 1e4 || standardError < 1e-7)
    return `${value.toExponential(2)} ± ${standardError.toExponential(1)}`;
  const digits = Math.max(0, 1 - Math.floor(Math.log10(standardError)));
  return `${fixed(value, digits)} ± ${standardError.toFixed(digits)}`;
}

/** A number with so many decimals; what rounds to 0 has no sign. */
function fixed(value: number, digits: number): string {
  const text = value.toFixed(digits);
  return Number(text) === 0 ? text.replace("-", "") : text;
}

/** Rows of texts in columns as wide as they need, the first to the left. */
export function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, c) => Math.max(...rows.map((row) => row[c]!.length)));
  return rows.map((row) =>
    row
      .map((text, c) => (c === 0 ? text.padEnd(widths[c]!) : text.padStart(widths[c]!)))
      .join("  ")
      .trimEnd(),
  );
}

/** Estimates as lines of a table: value ± standard error, 95 % interval, images. */
export function tableOf(estimates: readonly Estimate[]): string[] {
  const head = ["", "value ± standard error", "95 % interval", "n", "real"];
  const rows = estimates.map((one) => [
    `${wordsOf(one)}${lessIsBetter(one) ? "" : " ↑"}`,
    plusMinus(one),
    one.interval ? one.interval.map((end) => (end || 0).toPrecision(3)).join(" … ") : "–",
    String(one.count),
    one.realCount === undefined ? "–" : String(one.realCount),
  ]);
  return columns([head, ...rows]);
}

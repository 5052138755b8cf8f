import type { Estimate } from "@ddpm/metrics";
import type { MeasuredEstimate } from "@ddpm/metrics/authoring";

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

/** Rows of texts in aligned columns, the first one to the left. */
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
export function tableOf(estimates: readonly MeasuredEstimate[]): string[] {
  const head = ["", "value ± standard error", "95 % interval", "n", "real"];
  const rows = estimates.map((one) => [
    `${one.detail ? "  " : ""}${one.label}${one.better === "higher" ? " ↑" : ""}`,
    plusMinus(one),
    one.interval ? one.interval.map((end) => (end || 0).toPrecision(3)).join(" … ") : "–",
    String(one.count),
    one.realCount === undefined ? "–" : String(one.realCount),
  ]);
  return columns([head, ...rows]);
}

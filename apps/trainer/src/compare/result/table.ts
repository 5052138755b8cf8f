import { plusMinus } from "../../eval/table.ts";
import type { Comparison } from "./conclusion.ts";
import type { Result } from "./result.ts";

/** Head and rows: setting, steps, calls, and every metric with its standard error; means over seeds come first. */
export function cells({ repeats = [], results }: Pick<Comparison, "repeats" | "results">): string[][] {
  const head = ["setting", "steps", "calls", ...results[0]!.estimates.map(({ label }) => label)];
  const means = repeats.map(({ name, results: [one, ...more], estimates }) => ({
    ...one!,
    name: `${name}, mean of ${1 + more.length} seeds`,
    estimates,
  }));
  return [head, ...[...means, ...results].map(cellsOf)];
}

/** The row of one setting. */
export function cellsOf({ name, steps, calls, estimates }: Result): string[] {
  return [name, String(steps), String(Math.round(calls * 10) / 10), ...estimates.map(plusMinus)];
}

/** The table in Markdown. */
export function markdown(comparison: Comparison): string {
  const [head, ...rows] = cells(comparison);
  const row = (texts: readonly string[]): string => `| ${texts.join(" | ")} |`;
  const rule = row(head!.map((_, c) => (c === 0 ? "---" : "---:")));
  return `${[row(head!), rule, ...rows.map(row)].join("\n")}\n`;
}

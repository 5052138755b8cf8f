import { rename } from "node:fs/promises";
import { join } from "node:path";
import { writeFileAtomic } from "@ddpm/runs/node";
import { grid, type Pixels, png, toPixels } from "@ddpm/viz/images";
import { columns, plusMinus, wordsOf } from "../eval/table.ts";
import { enlargement } from "../run/pictures.ts";
import { type Result, SHOWN } from "./judge.ts";
import type { Repeats } from "./repeats.ts";
import type { Verdict } from "./verdict.ts";

/** Everything that a comparison ends with. */
export interface Comparison {
  readonly title: string;
  /** Facts that belong beside the numbers, in order. */
  readonly facts: readonly (readonly [name: string, value: string])[];
  /** Means over seeds, where trainings were repeated. */
  readonly repeats: readonly Repeats[] | undefined;
  readonly results: readonly Result[];
  readonly verdicts: readonly Verdict[];
  readonly caution: string;
  /** What was asked for and left out, and why. */
  readonly left: readonly string[];
  /** SVG: curves of the trainings, or of distance by network calls. */
  readonly curves: string | undefined;
}

/** Where its files are. */
export interface ComparisonFiles {
  readonly json: string;
  readonly table: string;
  readonly grid: string;
  readonly curves: string;
  readonly report: string;
}

/** The files of a comparison in this folder. */
export function filesOf(out: string): ComparisonFiles {
  const at = (name: string): string => join(out, name);
  return {
    json: at("compare.json"),
    table: at("table.md"),
    grid: at("grid.png"),
    curves: at("curves.svg"),
    report: at("report.html"),
  };
}

/** Head and rows: setting, calls, and every measure with its standard error; means over seeds come first. */
function cells(comparison: Pick<Comparison, "repeats" | "results">): string[][] {
  const { repeats = [], results } = comparison;
  const [first] = results;
  const head = ["setting", "steps", "calls", ...first!.estimates.map((one) => wordsOf(one))];
  const means = repeats.map(({ name, results: [one, ...more], estimates }) => ({
    ...one!,
    name: `${name}, mean of ${1 + more.length} seeds`,
    estimates,
  }));
  return [head, ...[...means, ...results].map(cellsOfOne)];
}

function cellsOfOne({ name, steps, calls, estimates }: Result): string[] {
  return [name, String(steps), String(Math.round(calls * 10) / 10), ...estimates.map(plusMinus)];
}

/** A repeated setting for JSON. */
export function plainly({ name, results, estimates }: Repeats): object {
  return { name, trainings: results.map((one) => one.name), estimates };
}

/** The table for people at a terminal. */
export function lines(comparison: Comparison): string[] {
  return columns(cells(comparison));
}

function markdown(comparison: Comparison): string {
  const [head, ...rows] = cells(comparison);
  const row = (texts: readonly string[]): string => `| ${texts.join(" | ")} |`;
  const rule = row(head!.map((_, c) => (c === 0 ? "---" : "---:")));
  return `${[row(head!), rule, ...rows.map(row)].join("\n")}\n`;
}

/**
 * Writes table, numbers, pictures, curves and the page with all of them.
 *
 * @param part which part of the comparison writes: parts that end at once write the same, each under names of its own first
 */
export async function writeComparison(
  comparison: Comparison,
  out: string,
  part?: string,
): Promise<ComparisonFiles> {
  const write = async (path: string, data: string | Uint8Array): Promise<void> => {
    if (part === undefined) return writeFileAtomic(path, data);
    await writeFileAtomic(`${path}.${part}`, data);
    await rename(`${path}.${part}`, path);
  };
  const files = filesOf(out);
  const { repeats, results, verdicts, caution, title, facts, left, curves } = comparison;
  const rowsOf = results.map(({ pictures }) => toPixels(pictures));
  const scale = enlargement(results[0]!.pictures.shape);
  const inRow = (row: readonly Pixels[]): Uint8Array => png(grid(row, { columns: SHOWN, scale }));
  await write(files.table, markdown(comparison));
  await write(files.grid, inRow(rowsOf.flat()));
  if (curves) await write(files.curves, curves);
  const plain = {
    title,
    facts: Object.fromEntries(facts),
    results: results.map(({ name, group, steps, calls, estimates }) => ({
      name,
      group,
      steps,
      calls,
      estimates,
    })),
    ...(repeats ? { repeats: repeats.map(plainly) } : {}),
    verdicts,
    caution,
    left,
  };
  await write(files.json, `${JSON.stringify(plain, null, 2)}\n`);
  const { runReport } = await import("@ddpm/viz/report");
  const captions = results.map(cellsOfOne);
  const page = runReport({
    title,
    about: [...verdicts.map(({ said }) => said), caution].join(" "),
    facts,
    sections: [
      ...(curves ? [{ title: "Curves", charts: [curves] }] : []),
      {
        title: "From the same noise",
        note: "One row per setting: calls, KID, Fréchet distance, precision and recall under it.",
        pictures: rowsOf.map((row, i) => ({ caption: captions[i]!.join(" · "), png: inRow(row) })),
      },
    ],
    settings: plain,
  });
  await write(files.report, page);
  return files;
}

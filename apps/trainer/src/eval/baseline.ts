import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fail } from "@ddpm/core";
import { compareEstimates, type Extractor } from "@ddpm/metrics";
import { type EstimateDifference, isSameMetric, type MeasuredEstimate } from "@ddpm/metrics/authoring";
import { plusMinus } from "./table.ts";

/** An earlier evaluation that others are compared with. */
export interface Baseline {
  readonly run: string;
  readonly extractor: { readonly name: string; readonly fingerprint: string };
  readonly estimates: readonly MeasuredEstimate[];
}

/** How an estimate differs from that of the baseline. */
export interface BaselineDifference extends EstimateDifference {
  readonly label: string;
}

/**
 * Reads the evaluation of another run.
 *
 * @throws DdpmError for a run that was not evaluated, or by an earlier version
 */
export async function readBaseline(run: string): Promise<Baseline> {
  const path = join(run, "eval.json");
  const text = await readFile(path, "utf8").catch(() =>
    fail("cli/baseline", `${run} was not evaluated yet: ${path} is not there.`, `First: ddpm eval ${run}`),
  );
  const { extractor, estimates = [] } = JSON.parse(text) as Partial<Baseline> & Pick<Baseline, "extractor">;
  if (!estimates.every((one) => "label" in one))
    fail("cli/baseline", `${path} was written by an earlier version.`, `Evaluate it again: ddpm eval ${run}`);
  return { run, extractor, estimates };
}

/** @throws DdpmError for a baseline with another extractor */
export function checkSameExtractor({ run, extractor }: Baseline, { fingerprint }: Extractor): void {
  if (extractor.fingerprint === fingerprint) return;
  fail(
    "cli/baseline",
    `${run} was evaluated with the extractor ${extractor.name} ${extractor.fingerprint}, this run with ${fingerprint}.`,
    "Numbers of different extractors cannot be compared: evaluate both runs with one, from one folder.",
  );
}

/** Differences of all estimates that both evaluations have, with errors. */
export function differencesFrom(
  { estimates }: Baseline,
  measured: readonly MeasuredEstimate[],
): BaselineDifference[] {
  return estimates.flatMap((before) => {
    // Losses on other held-out images have another fingerprint.
    const same = measured.find((one) => isSameMetric(one, before) && one.of === before.of);
    if (same?.standardError === undefined || before.standardError === undefined) return [];
    return [{ label: same.label, ...compareEstimates(before, same) }];
  });
}

/** A difference in a sentence. */
export function differenceInWords(
  { label, p, significant, ...rest }: BaselineDifference,
  run: string,
): string {
  return `${label}: ${plusMinus(rest)} more than ${run}, p = ${p.toPrecision(2)}${significant ? "" : ", not significant"}`;
}

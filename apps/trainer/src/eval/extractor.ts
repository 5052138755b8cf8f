import { existsSync } from "node:fs";
import { type CompileStep, type Dataset, fail } from "@ddpm/core";
import type { Extractor, ExtractorRecipe } from "@ddpm/metrics";
import { nodeExtractors, nodeSources } from "@ddpm/metrics/node";
import { pluginSpec } from "../config/plugin-spec.ts";
import { makerOf } from "../config/user-plugins.ts";
import type { Reporter } from "../output/reporter.ts";

/** What `--extractor` is where it is left out. */
const DEFAULT = "classifier";
/** Taken instead, for images without classes. */
const WITHOUT_CLASSES = "random";

/**
 * Prepares the extractor that was asked for; the classifier by default, or random features where the images have no
 * classes, which is said.
 *
 * @param folder  where trained weights are kept
 * @param compile makes the steps of its training fast
 * @throws DdpmError for an extractor that does not exist, or misses something
 */
export async function prepareExtractor(
  asked: string | undefined,
  dataset: Dataset,
  folder: string,
  reporter: Reporter,
  compile?: CompileStep,
): Promise<Extractor> {
  const classes = (dataset.classes?.length ?? 0) >= 2 || dataset.labels !== undefined;
  if (asked === undefined && !classes) {
    reporter.say(
      `${dataset.name} has no classes to train a classifier on: ${WITHOUT_CLASSES} features instead. Numbers made with them compare with each other only.`,
    );
  }
  const recipe = await recipeOf(asked ?? (classes ? DEFAULT : WITHOUT_CLASSES));
  const onProgress = percentOf(reporter, "the extractor's training");
  const sources = { ...nodeSources(folder), dataset, onProgress, ...(compile ? { compile } : {}) };
  const extractor = await recipe.prepare(sources);
  reporter.close();
  return extractor;
}

/**
 * How the extractor that `--extractor` names is prepared.
 *
 * @throws DdpmError for one that does not exist, or an option that it does not have
 */
export async function recipeOf(asked: string): Promise<ExtractorRecipe> {
  return (await makerOf(nodeExtractors, pluginSpec(asked)))();
}

/**
 * Looks whether there is such an extractor, and its files: before anything is trained or drawn for it.
 *
 * @throws DdpmError for one that does not exist, misses a file, or has an option that it does not know
 */
export async function checkExtractor(asked: string | undefined): Promise<void> {
  if (asked === undefined) return;
  const { name, reads = [] } = await recipeOf(asked);
  for (const path of reads)
    if (!existsSync(path)) fail("eval", `${path} is not there, which ${name} reads.`, "Give another path.");
}

/** The extractor as it stands beside its numbers, with its held-out accuracy where it learned. */
export function described({ name, dimension, facts, fingerprint }: Extractor): string {
  const { heldOutAccuracy } = facts;
  const accuracy =
    heldOutAccuracy === undefined
      ? ""
      : `, right on ${(100 * heldOutAccuracy).toFixed(1)} % of held-out images`;
  return `${name} (${dimension} features${accuracy}; ${fingerprint})`;
}

/** Tells how much of something is done, with the rate. */
export function percentOf(reporter: Reporter, what: string): (share: number) => void {
  const started = performance.now();
  return (share) => {
    const done = Math.round(100 * share);
    const perSecond = (100 * share) / ((performance.now() - started) / 1000);
    reporter.progress({ done, total: 100, unit: `% of ${what}`, perSecond });
  };
}

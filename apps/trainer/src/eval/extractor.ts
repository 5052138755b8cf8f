import { existsSync } from "node:fs";
import { type CompileStep, type Dataset, fail } from "@ddpm/core";
import type { Extractor } from "@ddpm/metrics";
import type { ExtractorRecipe } from "@ddpm/metrics/authoring";
import { nodeExtractors, nodeSources } from "@ddpm/metrics/node";
import { pluginSpec } from "../config/plugin-spec.ts";
import { makerOf } from "../config/user-plugins.ts";
import type { Reporter } from "../output/reporter.ts";

/** Default of `--extractor`. */
const DEFAULT = "classifier";
/** Default for images without classes. */
const WITHOUT_CLASSES = "random";

/**
 * Prepares the extractor; by default the classifier, or random features where the images have no classes.
 *
 * @param spec    as on the command line
 * @param folder  cache of trained weights
 * @param compile compiles the training steps of the classifier
 * @throws DdpmError for an extractor that does not exist, or misses something
 */
export async function prepareExtractor(
  spec: string | undefined,
  dataset: Dataset,
  folder: string,
  reporter: Reporter,
  compile?: CompileStep,
): Promise<Extractor> {
  const classes = (dataset.classes?.length ?? 0) >= 2 || dataset.labels !== undefined;
  if (spec === undefined && !classes) {
    reporter.say(
      `${dataset.name} has no classes to train a classifier on: ${WITHOUT_CLASSES} features instead. Compare their numbers with each other only.`,
    );
  }
  const recipe = await recipeOf(spec ?? (classes ? DEFAULT : WITHOUT_CLASSES));
  const onProgress = percentOf(reporter, "the extractor's training");
  const sources = { ...nodeSources(folder), dataset, onProgress, ...(compile ? { compile } : {}) };
  const extractor = await recipe.prepare(sources);
  reporter.close();
  return extractor;
}

async function recipeOf(spec: string): Promise<ExtractorRecipe> {
  return (await makerOf(nodeExtractors, pluginSpec(spec)))();
}

/**
 * Checks that the extractor and its files exist, before anything is trained or drawn.
 *
 * @throws DdpmError for one that does not exist, misses a file, or has an option that it does not know
 */
export async function checkExtractor(spec: string | undefined): Promise<void> {
  if (spec === undefined) return;
  const { name, reads = [] } = await recipeOf(spec);
  for (const path of reads)
    if (!existsSync(path))
      fail("cli/extractor", `${path} is not there, which ${name} reads.`, "Give another path.");
}

/** The extractor in words, with its held-out accuracy where it was trained. */
export function extractorInWords({ name, dimension, facts, fingerprint }: Extractor): string {
  const { heldOutAccuracy } = facts;
  const accuracy =
    heldOutAccuracy === undefined
      ? ""
      : `, accuracy ${(100 * heldOutAccuracy).toFixed(1)} % on held-out images`;
  return `${name} (${dimension} features${accuracy}; ${fingerprint})`;
}

/** Reports how much of something is done, with the rate. */
export function percentOf(reporter: Reporter, what: string): (share: number) => void {
  const started = performance.now();
  return (share) => {
    const done = Math.round(100 * share);
    const perSecond = (100 * share) / ((performance.now() - started) / 1000);
    reporter.progress({ done, total: 100, unit: `% of ${what}`, perSecond });
  };
}

import { fail } from "@ddpm/core";
import { type Extractor, type Metric, measure } from "@ddpm/metrics";
import { type MetricInputs, needsOf } from "@ddpm/metrics/authoring";
import { chosenMetrics } from "../eval/chosen-metrics.ts";
import { extractorInWords, percentOf, prepareExtractor } from "../eval/extractor.ts";
import { generatedInputs, pairedInputs, type RealInputs, realInputs } from "../eval/inputs.ts";
import { attributesOf } from "../eval/measure-samples.ts";
import { cacheOf, openReference } from "../eval/reference.ts";
import { drawSamples, type SampleSet } from "../eval/samples/samples.ts";
import type { Reporter } from "../output/reporter.ts";
import { asUsage } from "../output/usage.ts";
import type { Drawing, Fact, Setting } from "./plan/plan.ts";
import type { Result } from "./result/result.ts";

/** Measured where `--metrics` is left out; the first decides. */
const METRICS = ["kid", "frechet-distance", "precision", "recall"];

/** Samples in a row of pictures. */
const PICTURES = 8;

/** What samples are measured with. */
export interface Measuring {
  readonly metrics: readonly [Metric, ...Metric[]];
  readonly extractor: string | undefined;
  readonly against: string | undefined;
  readonly count: number;
  readonly seed: number;
}

/**
 * The metrics of a comparison.
 *
 * @throws DdpmError for one that does not exist, or needs more than samples and real images
 */
export async function comparedMetrics(names: readonly string[] = METRICS): Promise<Measuring["metrics"]> {
  const metrics = await chosenMetrics(names);
  for (const { name, needs } of metrics) {
    const more = needs.filter((need) => need === "heldOut" || need === "memorisation");
    if (more.length > 0)
      fail(
        "cli/measure-settings",
        `${name} needs ${more.join(", ")}, which compare does not have.`,
        "Use ddpm eval.",
      );
  }
  return metrics;
}

/** Measures the samples of all settings against the same real images. */
export async function measureSettings(
  settings: readonly Setting[],
  measuring: Measuring,
  reporter: Reporter,
): Promise<{ readonly results: readonly Result[]; readonly facts: readonly Fact[] }> {
  const { metrics, count, seed } = measuring;
  const { facts, ...side } = await settings[0]!.open((drawing) => realSide(drawing, measuring, reporter));
  const results: Result[] = [];
  for (const setting of settings)
    results.push(await setting.open((drawing) => measured(setting, drawing, { metrics, count, ...side })));
  return { results, facts: [["samples", `${count} of each setting, seed ${seed}`], ...facts] };
}

interface RealSide {
  readonly real: RealInputs;
  /** Where captions can be checked: what samples show of theirs. */
  attributes(samples: SampleSet): Pick<Partial<MetricInputs>, "attributes">;
  readonly extractor: Extractor;
  readonly facts: readonly Fact[];
}

async function realSide(
  { model, source }: Drawing,
  { metrics, extractor: spec, against }: Measuring,
  reporter: Reporter,
): Promise<RealSide> {
  const reference = await asUsage(() => openReference(model, against, (text) => reporter.say(text)));
  try {
    const cache = cacheOf(source.run);
    const extractor = await asUsage(() =>
      prepareExtractor(spec, reference.all, cache, reporter, model.backend.compile),
    );
    const onProgress = percentOf(reporter, "the real features");
    const real = await realInputs(reference, extractor, needsOf(metrics), cache, onProgress);
    reporter.close();
    const facts: readonly Fact[] = [
      ["features", extractorInWords(extractor)],
      ["real images", reference.description],
      ["backend", model.backend.name],
    ];
    const attributes: RealSide["attributes"] = (samples) => attributesOf(samples, reference);
    return { real, attributes, extractor, facts };
  } finally {
    await reference.close();
  }
}

async function measured(
  { name, repeated, group }: Setting,
  { source, settings }: Drawing,
  {
    metrics,
    count,
    real,
    attributes,
    extractor,
  }: Pick<Measuring, "metrics" | "count"> & Omit<RealSide, "facts">,
): Promise<Result> {
  const samples = await drawSamples(source, settings, count, () => {});
  const generated = await generatedInputs(samples, extractor);
  const { estimates, contributions, skipped } = await measure(metrics, {
    ...pairedInputs(real, generated),
    ...attributes(samples),
  });
  const [missing] = skipped;
  if (missing)
    fail(
      "cli/measure-settings",
      `${missing.labels.join(", ")}: ${extractor.name} does not give ${missing.missing.join(", ")}.`,
    );
  const [deciding] = metrics;
  const own =
    contributions.get(deciding.name) ??
    fail(
      "cli/measure-settings",
      `${deciding.name} has no paired test, and the first metric decides.`,
      "Put kid first.",
    );
  const [n, height, width, channels] = generated.images.shape;
  const shown = Math.min(PICTURES, n);
  const data = generated.images.data.slice(0, shown * height * width * channels);
  return {
    ...{ name, group, calls: samples.calls, steps: settings.steps },
    ...(repeated === undefined ? {} : { repeated }),
    estimates: estimates.filter(({ detail }) => !detail),
    contributions: own,
    pictures: { data, shape: [shown, height, width, channels] },
  };
}

import type { Metric } from "@ddpm/metrics";
import type { EvaluationFlags } from "../commands/evaluation-options.ts";
import { openModel } from "../drawing/open-model.ts";
import type { Reporter } from "../output/reporter.ts";
import { asUsage } from "../output/usage.ts";
import { checkSameExtractor, readBaseline } from "./baseline.ts";
import { evaluatedCaptions } from "./captions.ts";
import { chosenMetrics } from "./chosen-metrics.ts";
import { checkExtractor, prepareExtractor } from "./extractor.ts";
import { measureSamples } from "./measure-samples.ts";
import { cacheOf, openReference } from "./reference.ts";
import { report } from "./report.ts";
import { progressOf, settingsOf } from "./samples/sample-settings.ts";
import { drawSamples, sampleSource } from "./samples/samples.ts";
import { stageTimes } from "./stage-times.ts";
import { type Evaluation, writeEvaluation } from "./write-evaluation.ts";

/** The options of `ddpm eval`. */
export interface EvalFlags extends EvaluationFlags {
  readonly sampler?: string;
  readonly steps?: number;
  readonly checkpoint: string;
  readonly raw?: boolean;
  readonly heldOut?: string;
  readonly prompts?: string;
  readonly guidance?: number;
  readonly baseline?: string;
}

/** Draws missing samples, measures them, and writes `eval.json` and pictures into the run's folder. */
export async function evaluate(run: string, flags: EvalFlags, reporter: Reporter): Promise<Evaluation> {
  const times = stageTimes();
  const { count, seed } = flags;
  await asUsage(() => checkExtractor(flags.extractor));
  const chosen = await asUsage(() => chosenMetrics(flags.metrics));
  const model = await asUsage(() => openModel("eval", run, { guidance: 1, ...flags }, reporter));
  const reference = await asUsage(() =>
    openReference(model, flags.against, (text) => reporter.say(text), flags.heldOut),
  );
  try {
    const baseline = flags.baseline && (await asUsage(() => readBaseline(flags.baseline!)));
    const source = await sampleSource(model, run);
    const captions = await asUsage(() => evaluatedCaptions(model, reference, count, flags.prompts));
    const settings = settingsOf(model, flags, captions);
    const metrics =
      flags.metrics || captions ? chosen : chosen.filter(({ needs }) => !needs.includes("attributes"));
    const cache = cacheOf(run);
    times.done("opening");
    const spec = flags.extractor ?? (readsOnlyCaptions(metrics) ? "pixels" : undefined);
    const extractor = await asUsage(() =>
      prepareExtractor(spec, reference.all, cache, reporter, model.backend.compile),
    );
    times.done("extractor");
    if (baseline) await asUsage(() => checkSameExtractor(baseline, extractor));
    const samples = await drawSamples(source, settings, count, progressOf(reporter, count));
    reporter.close();
    times.done("samples");
    const measured = await measureSamples(
      samples,
      { metrics, model, reference, extractor, seed, cache },
      reporter,
    );
    extractor.dispose();
    times.done("metrics");
    const evaluation = await writeEvaluation({ source, settings, samples, reference, extractor, measured });
    report(
      { run, model, reference, extractor, measured, evaluation, times: times.all },
      baseline || undefined,
      reporter,
    );
    return evaluation;
  } finally {
    model.close();
    await reference.close();
  }
}

/** Whether metrics need no features, nor what is made of them. */
function readsOnlyCaptions(metrics: readonly Metric[]): boolean {
  return metrics.every(({ needs }) => needs.every((need) => need === "attributes"));
}

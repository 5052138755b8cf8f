import { formatDuration } from "@ddpm/core/authoring";
import type { Extractor } from "@ddpm/metrics";
import type { Model } from "../drawing/open-model.ts";
import type { Reporter } from "../output/reporter.ts";
import { type Baseline, differenceInWords, differencesFrom } from "./baseline.ts";
import { copiesInWords } from "./copies.ts";
import { extractorInWords } from "./extractor.ts";
import type { Measured } from "./measure-samples.ts";
import type { Reference } from "./reference.ts";
import type { StageTime } from "./stage-times.ts";
import { tableOf } from "./table.ts";
import { type Evaluation, evaluationFile } from "./write-evaluation.ts";

/** What a report shows. */
export interface Reported {
  readonly run: string;
  readonly model: Model;
  readonly reference: Reference;
  readonly extractor: Extractor;
  readonly measured: Measured;
  readonly evaluation: Evaluation;
  readonly times: Readonly<Record<string, StageTime>>;
}

/** Prints an evaluation for people, and as the last event for scripts. */
export function report(reported: Reported, baseline: Baseline | undefined, reporter: Reporter): void {
  const { run, model, reference, extractor, measured, evaluation, times } = reported;
  const { steps } = evaluation.settings;
  const count = measured.images.shape[0];
  reporter.say(
    `${model.config.name}: ${count} samples, ${model.parts.sampler.name}, ${steps} steps, ${evaluation.calls} network calls each`,
  );
  if (measured.estimates.some(({ metric }) => metric !== "attributes"))
    reporter.say(`features: ${extractorInWords(extractor)}; real images: ${reference.description}`);
  for (const line of ["", ...tableOf(measured.estimates), ""]) reporter.say(line);
  for (const note of measured.notes) reporter.say(note);
  if (measured.copies) reporter.say(copiesInWords(measured.copies, reference.heldOut?.length));
  const differences = baseline && differencesFrom(baseline, measured.estimates);
  for (const one of differences ?? []) reporter.say(differenceInWords(one, baseline!.run));
  const out = evaluationFile(run);
  const seconds = Object.values(times).reduce((sum, time) => sum + time.seconds, 0);
  const secondsToSamples = times.samples!.seconds;
  reporter.event(
    {
      event: "done",
      run,
      out,
      ...evaluation,
      ...(differences ? { differences } : {}),
      seconds,
      secondsToSamples,
      took: times,
    },
    `${[out, ...Object.values(evaluation.pictures)].join(", ")}; ${formatDuration(seconds)}, ${formatDuration(secondsToSamples)} of them for the samples`,
  );
}

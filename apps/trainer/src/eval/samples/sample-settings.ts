import { pluginSpec } from "../../config/plugin-spec.ts";
import type { Model } from "../../drawing/open-model.ts";
import type { Reporter } from "../../output/reporter.ts";
import type { SampleSettings } from "./samples.ts";

/** Flags that change how samples are drawn. */
export interface SampleFlags {
  readonly sampler?: string;
  readonly spacing?: string;
  readonly steps?: number;
  readonly seed: number;
  readonly guidance?: number;
  readonly batch: number;
}

/**
 * Settings of samples by flags, else by the run.
 *
 * @param captions that samples cycle through, for a network that reads them
 */
export function settingsOf(
  { config, parts }: Model,
  flags: SampleFlags,
  captions?: readonly string[],
): SampleSettings {
  const { classes } = parts.denoiser;
  const { sampler, spacing, steps } = config.sample;
  return {
    sampler: flags.sampler === undefined ? sampler : pluginSpec(flags.sampler),
    spacing: flags.spacing === undefined ? spacing : pluginSpec(flags.spacing),
    steps: flags.steps ?? steps,
    seed: flags.seed,
    label: classes ? Array.from({ length: classes }, (_, k) => k) : null,
    guidance: flags.guidance ?? 1,
    ...(captions ? { captions } : {}),
    batch: flags.batch,
  };
}

/** Reports the number of samples, with the rate of those drawn now. */
export function progressOf(reporter: Reporter, total: number): (done: number, drawn: boolean) => void {
  const started = performance.now();
  let cached = 0;
  return (done, drawn) => {
    if (!drawn) {
      cached = done;
      return;
    }
    const perSecond = (done - cached) / ((performance.now() - started) / 1000);
    reporter.progress({ done, total, unit: "samples", perSecond });
  };
}

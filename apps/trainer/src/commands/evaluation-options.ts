import { type Command, Option } from "commander";
import { backendOption, threadsOption } from "./backend-option.ts";
import { MOST_BATCH, MOST_PICTURES, wholeNumber } from "./numbers.ts";

/** Flags that `eval` and `compare` share. */
export interface EvaluationFlags {
  readonly extractor?: string;
  readonly metrics?: readonly string[];
  readonly count: number;
  readonly batch: number;
  readonly against?: string;
  readonly seed: number;
  readonly spacing?: string;
  readonly backend: string;
  readonly threads?: number;
  readonly json?: boolean;
}

/**
 * Adds those flags.
 *
 * @param count   default of --count
 * @param metrics default of --metrics, in words
 */
export function withEvaluationOptions(command: Command, count: number, metrics: string): Command {
  return command
    .option(
      "--extractor <name>",
      "feature extractor: classifier (trained on the images, the default), random, pixels, inception-v3:weights=FILE, onnx:model=FILE; `ddpm list extractors`",
    )
    .option(
      "--metrics <names>",
      `what to measure: \`ddpm list metrics\`, or ./mine.js (default: ${metrics})`,
      pluginNames,
    )
    .addOption(new Option("--count <n>", "samples").default(count).argParser(wholeNumber(16, MOST_PICTURES)))
    .addOption(
      new Option("--batch <n>", "samples per batch; a stopped run redraws only the current batch")
        .default(64)
        .argParser(wholeNumber(1, MOST_BATCH)),
    )
    .option("--against <path>", "real images to compare with (default: the training images)")
    .option("--spacing <name>", "spacing of the steps: `ddpm list spacings` (default: the run's)")
    .addOption(
      new Option("--seed <n>", "the same seed draws the same samples").default(0).argParser(wholeNumber(0)),
    )
    .addOption(backendOption())
    .addOption(threadsOption());
}

/** Names separated by commas; `a:x=1,y=2,b` keeps options with their plugin. */
export function pluginNames(text: string): string[] {
  return text.split(/,(?![^,:]*=)/);
}

import { type Command, Option } from "commander";
import { SPACING } from "./drawing-options.ts";
import { MOST_BATCH, MOST_PICTURES, wholeNumber } from "./numbers.ts";
import { OptionGroup } from "./option-groups.ts";

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
    .optionsGroup(OptionGroup.measures)
    .option(
      "--metrics <names>",
      `metrics, separated by commas, or ./mine.js; \`ddpm list metrics\` (default: ${metrics})`,
      pluginNames,
    )
    .option(
      "--extractor <name>",
      "feature extractor: classifier (trained on the images, the default), random, pixels, inception-v3:weights=FILE, onnx:model=FILE; `ddpm list extractors`",
    )
    .option("--against <path>", "real images to compare with (default: the training images)")
    .optionsGroup(OptionGroup.samples)
    .addOption(
      new Option("--count <n>", "samples to draw").default(count).argParser(wholeNumber(16, MOST_PICTURES)),
    )
    .addOption(
      new Option("--batch <n>", "samples per batch; a stopped run redraws only the current batch")
        .default(64)
        .argParser(wholeNumber(1, MOST_BATCH)),
    )
    .option("--spacing <name>", SPACING)
    .addOption(
      new Option("--seed <n>", "random seed: the same seed draws the same samples")
        .default(0)
        .argParser(wholeNumber(0)),
    );
}

/** Names separated by commas; `a:x=1,y=2,b` keeps options with their plugin. */
export function pluginNames(text: string): string[] {
  return text.split(/,(?![^,:]*=)/);
}

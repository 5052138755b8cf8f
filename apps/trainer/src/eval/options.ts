import { type Command, Option } from "commander";
import { backendOption, threadsOption } from "../commands/backend-option.ts";
import { MOST_BATCH, MOST_PICTURES, wholeNumber } from "../commands/numbers.ts";

/** Flags that `eval` and `compare` share. */
export interface JudgeFlags {
  readonly extractor?: string;
  readonly count: number;
  readonly batch: number;
  readonly against?: string;
  readonly seed: number;
  readonly spacing?: string;
  readonly backend: string;
  readonly threads?: number;
  readonly json?: boolean;
}

/** Adds those flags. */
export function withJudgeOptions(command: Command, count: number): Command {
  return command
    .option(
      "--extractor <name>",
      "what looks at the images: classifier (trained on them, the default), random, pixels, inception-v3:weights=FILE, onnx:model=FILE",
    )
    .addOption(new Option("--count <n>", "samples").default(count).argParser(wholeNumber(16, MOST_PICTURES)))
    .addOption(
      new Option("--batch <n>", "samples computed and kept at a time")
        .default(64)
        .argParser(wholeNumber(1, MOST_BATCH)),
    )
    .option("--against <path>", "images to measure by (default: those that the network learned from)")
    .option("--spacing <name>", "where the steps lie: `ddpm list spacings` (default: the run's)")
    .addOption(
      new Option("--seed <n>", "the same seed draws the same samples").default(0).argParser(wholeNumber(0)),
    )
    .addOption(backendOption())
    .addOption(threadsOption());
}

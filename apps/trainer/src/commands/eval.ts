import { Command, Option } from "commander";
import { type EvalFlags, evaluate } from "../eval/evaluate.ts";
import { createReporter } from "../output/create-reporter.ts";
import { Exit } from "../output/exit.ts";
import { checkpointOption } from "./drawing-options.ts";
import { withEvaluationOptions } from "./evaluation-options.ts";
import { MOST_STEPS, wholeNumber } from "./numbers.ts";

const EXAMPLES = `
Examples:
  ddpm eval runs/fashion
  ddpm eval runs/fashion --sampler dpmpp-2m --steps 20 --count 500
  ddpm eval runs/fashion --extractor classifier:features=64
  ddpm eval runs/fashion --metrics kid,precision:k=5,./mine.js
  ddpm eval runs/other --baseline runs/fashion        differences with p-values`;

/** `ddpm eval`: how good the samples of a trained network are. */
export function evalCommand(): Command {
  return withEvaluationOptions(new Command("eval"), 2000, "all")
    .description("measure how good a trained network's samples are, with error bars")
    .argument("<run>", "folder that `ddpm train` wrote")
    .option("--sampler <name>", "`ddpm list samplers`; options after a colon (default: the run's)")
    .addOption(
      new Option("--steps <n>", "steps from noise to pictures").argParser(wholeNumber(1, MOST_STEPS)),
    )
    .addOption(checkpointOption())
    .addOption(new Option("--ema", "averaged weights (the default)").conflicts("raw"))
    .option("--raw", "the weights as trained, not their average")
    .option(
      "--held-out <path>",
      "images that the network has not seen, for losses and the test for copies (default: the run's held-out images)",
    )
    .option("--baseline <run>", "another run, evaluated with the same extractor, to compare with")
    .addHelpText("after", EXAMPLES)
    .action(async (run: string, _flags, command: Command) => {
      const flags = command.optsWithGlobals<EvalFlags>();
      await evaluate(run, flags, createReporter(Boolean(flags.json)));
      process.exitCode = Exit.done;
    });
}

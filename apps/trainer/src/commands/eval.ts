import { Command, Option } from "commander";
import type { EvalFlags } from "../eval/evaluate.ts";
import { createReporter } from "../output/create-reporter.ts";
import { Exit } from "../output/exit.ts";
import { withBackendOptions } from "./backend-options.ts";
import { SAMPLER, STEPS, withWeightOptions } from "./drawing-options.ts";
import { withEvaluationOptions } from "./evaluation-options.ts";
import { MOST_STEPS, wholeNumber } from "./numbers.ts";
import { OptionGroup } from "./option-groups.ts";

const EXAMPLES = `
Examples:
  ddpm eval runs/fashion
  ddpm eval runs/fashion --sampler dpmpp-2m --steps 20 --count 500
  ddpm eval runs/fashion --extractor classifier:features=64
  ddpm eval runs/fashion --metrics kid,precision:k=5,./mine.js
  ddpm eval runs/captions --metrics attributes --count 500 --guidance 2
  ddpm eval runs/other --baseline runs/fashion        differences with p-values`;

/** `ddpm eval`: how good the samples of a trained network are. */
export function evalCommand(): Command {
  const command = new Command("eval").argument("<run>", "folder that `ddpm train` wrote");
  withEvaluationOptions(command, 2000, "all")
    .optionsGroup(OptionGroup.measures)
    .option(
      "--held-out <path>",
      "images that the network has not seen, for losses and the test for copies (default: the run's held-out images)",
    )
    .option("--baseline <run>", "another run, evaluated with the same extractor, to compare with")
    .optionsGroup(OptionGroup.samples)
    .option("--sampler <name>", SAMPLER)
    .addOption(
      new Option("--guidance <w>", "scale of classifier-free guidance; 1 is without guidance")
        .default(1)
        .argParser(Number),
    )
    .option(
      "--prompts <file>",
      "captions to draw, one a line, of a network that reads them (default: those of the images)",
    )
    .addOption(new Option("--steps <n>", STEPS).argParser(wholeNumber(1, MOST_STEPS)));
  return withBackendOptions(withWeightOptions(command))
    .addHelpText("after", EXAMPLES)
    .action(async (run: string, _flags, command: Command) => {
      const flags = command.optsWithGlobals<EvalFlags>();
      const { evaluate } = await import("../eval/evaluate.ts");
      await evaluate(run, flags, createReporter(Boolean(flags.json)));
      process.exitCode = Exit.done;
    });
}

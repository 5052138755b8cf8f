import { Command, InvalidArgumentError, Option } from "commander";
import type { CompareFlags } from "../compare/plan/flags.ts";
import { createReporter } from "../output/create-reporter.ts";
import { withBackendOptions } from "./backend-options.ts";
import { pluginNames, withEvaluationOptions } from "./evaluation-options.ts";
import { wholeNumber } from "./numbers.ts";
import { OptionGroup } from "./option-groups.ts";

const EXAMPLES = `
Examples:
  ddpm compare quickstart --vary schedule=linear,cosine --out runs/schedules
  ddpm compare my-run.json --vary parameterization=eps,x0,v --vary seed=0,1
  ddpm compare runs/fashion --samplers ddim,dpmpp-2m,heun --calls 5,10,20,50
  ddpm compare runs/fashion --samplers all --steps 10 --shard 1/4`;

/** `ddpm compare`: the effect of a choice, with significance tests. */
export function compareCommand(): Command {
  const metrics = "kid,frechet-distance,precision,recall; the first decides";
  const command = new Command("compare")
    .argument("<preset|config.json|run>", "what to train, or a trained run with --samplers")
    .optionsGroup(OptionGroup.compared)
    .option(
      "--vary <setting=a,b...>",
      "train once with each value; several settings: every combination; seed=0,1,2 repeats each; ./mine.js for a plugin of your own",
    )
    .option(
      "--samplers <names>",
      "draw with each of these samplers from one trained run, or with all",
      pluginNames,
    )
    .option("--steps <n,n>", "with --samplers: numbers of sampling steps", numbers)
    .option(
      "--calls <n,n>",
      "with --samplers: numbers of network calls (NFE), of which each sampler makes as many steps as fit (default: 5,10,20,50)",
      numbers,
    )
    .optionsGroup(OptionGroup.data)
    .option("--data <path>", "images to train on (default: the preset's)")
    .option("--skip-bad", "skip images that do not decode, and report their number")
    .optionsGroup(OptionGroup.training)
    .addOption(new Option("--images <n>", "images that each training sees").argParser(wholeNumber(1)))
    .option("--set <key=value...>", "change settings of all trainings, e.g. train.batch=64")
    .addOption(
      new Option(
        "--slices <n>",
        "train all in rotation, so many parts of each, so that a slow machine is fair to all",
      )
        .default(8)
        .argParser(wholeNumber(1)),
    )
    .optionsGroup(OptionGroup.parts)
    .option("--out <folder>", "where the comparison is written")
    .option("--shard <i/n>", "do only part i of n, e.g. on one of n machines that share --out", shard)
    .option("--merge", "write the table of the parts that are complete, without training or drawing");
  return withBackendOptions(withEvaluationOptions(command, 512, metrics))
    .addHelpText("after", EXAMPLES)
    .action(async (source: string, _flags, command: Command) => {
      const flags = command.optsWithGlobals<CompareFlags>();
      const { compare } = await import("../compare/compare.ts");
      process.exitCode = await compare(source, flags, createReporter(Boolean(flags.json)));
    });
}

function numbers(text: string): number[] {
  return text.split(",").map(wholeNumber(1));
}

function shard(text: string): readonly [number, number] {
  const [which, of] = text.split("/").map(Number);
  const fits = Number.isInteger(which) && Number.isInteger(of) && which! >= 1 && which! <= of!;
  if (!fits) throw new InvalidArgumentError("Expected a part and the number of parts, for example 1/4.");
  return [which!, of!];
}

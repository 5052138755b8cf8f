import { Command, InvalidArgumentError, Option } from "commander";
import { compare } from "../compare/compare.ts";
import type { CompareFlags } from "../compare/plan/flags.ts";
import { createReporter } from "../output/create-reporter.ts";
import { pluginNames, withEvaluationOptions } from "./evaluation-options.ts";
import { wholeNumber } from "./numbers.ts";

const EXAMPLES = `
Examples:
  ddpm compare quickstart --vary schedule=linear,cosine --out runs/schedules
  ddpm compare my-run.json --vary parameterization=eps,x0,v --vary seed=0,1
  ddpm compare runs/fashion --samplers ddim,dpmpp-2m,heun --calls 5,10,20,50
  ddpm compare runs/fashion --samplers all --steps 10 --shard 1/4`;

/** `ddpm compare`: the effect of a choice, with significance tests. */
export function compareCommand(): Command {
  const metrics = "kid,frechet-distance,precision,recall; the first decides";
  return withEvaluationOptions(new Command("compare"), 512, metrics)
    .description("compare trainings that differ in a setting, or samplers of one trained network")
    .argument("<preset|config.json|run>", "what to train, or a trained run with --samplers")
    .option(
      "--vary <setting=a,b...>",
      "train with each of these; several combine; seed=0,1,2 next to others repeats; your own files as ./mine.js",
    )
    .option("--samplers <names>", "compare these samplers of a trained run, or all", pluginNames)
    .option("--steps <n,n>", "with --samplers: steps", numbers)
    .option(
      "--calls <n,n>",
      "with --samplers: network calls, as many steps as fit (default: 5,10,20,50)",
      numbers,
    )
    .option("--data <path>", "images to train on")
    .addOption(new Option("--images <n>", "images that each training sees").argParser(wholeNumber(1)))
    .option("--set <key=value...>", "change a setting of all")
    .option("--skip-bad", "leave out images that do not decode, and count them")
    .addOption(
      new Option("--slices <n>", "parts of each training, trained in rotation")
        .default(8)
        .argParser(wholeNumber(1)),
    )
    .option("--out <folder>", "folder of the comparison")
    .option("--shard <i/n>", "do only the i-th of n parts", shard)
    .option("--merge", "train and draw nothing: only write the table of the complete parts")
    .addHelpText("after", EXAMPLES)
    .action(async (source: string, _flags, command: Command) => {
      const flags = command.optsWithGlobals<CompareFlags>();
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

import { Command, Option } from "commander";
import { maskWords } from "../drawing/mask-words.ts";
import type { SampleFlags } from "../drawing/sample.ts";
import { withBackendOptions } from "./backend-options.ts";
import { SAMPLER, STEPS, withDrawingOptions } from "./drawing-options.ts";
import { MOST_BATCH, MOST_PICTURES, wholeNumber } from "./numbers.ts";
import { OptionGroup } from "./option-groups.ts";

const EXAMPLES = `
Examples:
  ddpm sample runs/quickstart
  ddpm sample runs/fashion --sampler dpmpp-2m --steps 20 --count 100 --gif
  ddpm sample runs/captions --prompt "two small red stars" --guidance 2
  ddpm sample runs/fashion --sampler ddpm:variance=fixed-large --steps 600`;

/** `ddpm sample`: pictures from a trained network. */
export function sampleCommand(): Command {
  const command = new Command("sample")
    .argument("<run>", "folder that `ddpm train` wrote")
    .optionsGroup(OptionGroup.sampling)
    .option("--sampler <name>", SAMPLER);
  withDrawingOptions(command, { steps: STEPS })
    .optionsGroup(OptionGroup.condition)
    .option(
      "--condition <path>",
      "condition images: a picture, folder or data set, for an image-conditional network",
    )
    .option(
      "--mask <picture|part>",
      `for an inpainting network: what to redraw, white in a picture, or ${maskWords.join(", ")} (default: random masks)`,
    )
    .optionsGroup(OptionGroup.pictures)
    .addOption(
      new Option("--count <n>", "pictures to draw").default(64).argParser(wholeNumber(1, MOST_PICTURES)),
    )
    .addOption(
      new Option("--batch <n>", "pictures per batch: fewer need less memory")
        .default(64)
        .argParser(wholeNumber(1, MOST_BATCH)),
    )
    .option("--out <folder>", "where to write (default: inside the run, a folder for each drawing)")
    .option("--gif", "also an animation from noise to pictures");
  return withBackendOptions(command)
    .addHelpText("after", EXAMPLES)
    .action(async (run: string, _flags, own: Command) => {
      const { runSampling } = await import("../drawing/sample.ts");
      process.exitCode = await runSampling(run, own.optsWithGlobals<SampleFlags>());
    });
}

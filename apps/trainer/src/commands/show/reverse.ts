import { Command, Option } from "commander";
import type { ReverseFlags } from "../../show/reverse.ts";
import { withBackendOptions } from "../backend-options.ts";
import { STEPS } from "../drawing-options.ts";
import { MOST_STAGES, MOST_STEPS, wholeNumber } from "../numbers.ts";
import { OptionGroup } from "../option-groups.ts";

/** `ddpm show reverse`: noise on its way to pictures. */
export function showReverse(): Command {
  const command = new Command("reverse")
    .description("noise becoming pictures, with the sampler of the run")
    .argument("<run>", "folder that `ddpm train` wrote")
    .optionsGroup(OptionGroup.sampling)
    .addOption(new Option("--steps <n>", STEPS).argParser(wholeNumber(2, MOST_STEPS)))
    .addOption(
      new Option("--seed <n>", "random seed: the same seed draws the same pictures")
        .default(0)
        .argParser(wholeNumber(0)),
    )
    .optionsGroup(OptionGroup.pictures)
    .addOption(
      new Option("--count <n>", "pictures, a row each").default(4).argParser(wholeNumber(1, MOST_STAGES)),
    )
    .addOption(
      new Option("--stages <n>", "stages in each row, the last among them")
        .default(9)
        .argParser(wholeNumber(2, MOST_STAGES)),
    )
    .option("--gif <file.gif>", "also as an animation")
    .option("--out <file.png>", "file to write", "reverse.png");
  return withBackendOptions(command)
    .addHelpText("after", "\nExamples:\n  ddpm show reverse runs/quickstart --stages 9 --gif reverse.gif")
    .action(async (run: string, _flags, command: Command) => {
      const { drawReverse } = await import("../../show/reverse.ts");
      await drawReverse(run, command.optsWithGlobals<ReverseFlags>());
    });
}

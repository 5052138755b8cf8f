import { Command, Option } from "commander";
import type { InterpolateFlags } from "../../drawing/edit/interpolate.ts";
import { DETERMINISTIC_SAMPLER } from "../drawing-options.ts";
import { MOST_STAGES, wholeNumber } from "../numbers.ts";
import { OptionGroup } from "../option-groups.ts";
import { withEditOptions } from "./edit-options.ts";

const EXAMPLES = `
Examples:
  ddpm interpolate runs/fashion --count 4 --stages 9
  ddpm interpolate runs/fashion photos --count 3 --steps 100 --gif`;

/** `ddpm interpolate`: the way from one picture to the next. */
export function interpolateCommand(): Command {
  const command = new Command("interpolate")
    .argument("<run>", "folder that `ddpm train` wrote")
    .argument("[images]", "a folder of pictures, or a data set (default: pictures drawn from the seed)")
    .optionsGroup(OptionGroup.sampling)
    .option("--sampler <name>", DETERMINISTIC_SAMPLER, "ddim")
    .addOption(
      new Option("--stages <n>", "pictures in each interpolation, both ends included")
        .default(9)
        .argParser(wholeNumber(2, MOST_STAGES)),
    )
    .option("--gif", "also an animation of the interpolation");
  return withEditOptions(command, { out: "interpolated", steps: "steps between noise and pictures" })
    .addHelpText("after", EXAMPLES)
    .action(async (run: string, source: string | undefined, _flags, own: Command) => {
      const { runInterpolate } = await import("../../drawing/edit/interpolate.ts");
      await runInterpolate(run, source, own.optsWithGlobals<InterpolateFlags>());
    });
}

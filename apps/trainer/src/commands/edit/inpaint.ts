import { Command, Option } from "commander";
import type { InpaintFlags } from "../../drawing/edit/inpaint.ts";
import { maskWords } from "../../drawing/mask-words.ts";
import { wholeNumber } from "../numbers.ts";
import { OptionGroup } from "../option-groups.ts";
import { withEditOptions } from "./edit-options.ts";

const EXAMPLES = `
Examples:
  ddpm inpaint runs/fashion photos --mask bottom --count 8
  ddpm inpaint runs/fashion photo.png --mask mask.png --repeats 10 --jump 10`;

/** Most repeats, and most steps, of a stretch. */
const MOST_REPEATS = 1000;

/** `ddpm inpaint`: the rest of pictures, with any network. */
export function inpaintCommand(): Command {
  const command = new Command("inpaint")
    .argument("<run>", "folder that `ddpm train` wrote")
    .argument("<images>", "a picture, a folder of them, or a data set")
    .optionsGroup(OptionGroup.sampling)
    .requiredOption(
      "--mask <picture|part>",
      `what to redraw: a picture, white where to redraw; or a part: ${maskWords.join(", ")}`,
    )
    .addOption(
      new Option(
        "--repeats <r>",
        "times that each group of steps is repeated, so that old and new parts match (RePaint's resampling)",
      )
        .default(5)
        .argParser(wholeNumber(1, MOST_REPEATS)),
    )
    .addOption(
      new Option("--jump <j>", "steps in each group that is repeated (RePaint's jump length)")
        .default(5)
        .argParser(wholeNumber(1, MOST_REPEATS)),
    );
  return withEditOptions(command, {
    out: "inpainted",
    steps: "sampling steps, from noise to pictures, repeats not counted",
  })
    .addHelpText("after", EXAMPLES)
    .action(async (run: string, source: string, _flags, own: Command) => {
      const { runInpaint } = await import("../../drawing/edit/inpaint.ts");
      await runInpaint(run, source, own.optsWithGlobals<InpaintFlags>());
    });
}

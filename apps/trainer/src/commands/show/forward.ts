import { Command, Option } from "commander";
import type { ForwardFlags } from "../../show/forward.ts";
import { MOST_STAGES, wholeNumber } from "../numbers.ts";

/** `ddpm show forward`: images, noised step by step. */
export function showForward(): Command {
  return new Command("forward")
    .description("images, noised step by step, with the same noise throughout")
    .argument("<data>", "a folder or file of images, or shapes")
    .option("--schedule <name>", "with options after a colon", "linear")
    .addOption(new Option("--count <n>", "images").default(4).argParser(wholeNumber(1, MOST_STAGES)))
    .addOption(
      new Option("--stages <n>", "stages, the first and the last among them")
        .default(8)
        .argParser(wholeNumber(2, MOST_STAGES)),
    )
    .addOption(
      new Option("--seed <n>", "of the choice of images and of the noise")
        .default(0)
        .argParser(wholeNumber(0)),
    )
    .option("--noise", "the noise itself beneath each row")
    .option("--set <key=value...>", "options of the data, e.g. size=32")
    .option("--out <file.png>", "where to draw", "forward.png")
    .addHelpText("after", "\nExamples:\n  ddpm show forward shapes --schedule cosine --stages 8 --noise")
    .action(async (source: string, _flags, command: Command) => {
      const { drawNoised } = await import("../../show/forward.ts");
      await drawNoised(source, command.optsWithGlobals<ForwardFlags>());
    });
}

import { Command, Option } from "commander";
import type { DataFlags } from "../../show/picture.ts";
import { MOST_TILES, wholeNumber } from "../numbers.ts";

/** `ddpm show data`: a batch as the network sees it. */
export function showData(): Command {
  return new Command("data")
    .description("a batch as the network sees it")
    .argument("<data>", "a folder or file of images, or shapes")
    .addOption(new Option("--count <n>", "images").default(64).argParser(wholeNumber(1, MOST_TILES)))
    .addOption(
      new Option("--seed <n>", "order and flips follow from it").default(0).argParser(wholeNumber(0)),
    )
    .option("--set <key=value...>", "options of the data, e.g. size=32")
    .option("--out <file.png>", "where to draw", "data.png")
    .addHelpText("after", "\nExamples:\n  ddpm show data photos --set size=32 --count 36")
    .action(async (source: string, _flags, command: Command) => {
      const { drawBatch } = await import("../../show/data.ts");
      await drawBatch(source, command.optsWithGlobals<DataFlags>());
    });
}

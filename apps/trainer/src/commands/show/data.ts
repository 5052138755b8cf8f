import { grid } from "@ddpm/viz/images";
import { Command, Option } from "commander";
import { enlargement } from "../../drawing/pictures.ts";
import { asUsage } from "../../output/usage.ts";
import { MOST_TILES, wholeNumber } from "../numbers.ts";
import { type DataFlags, firstImages, showPicture } from "./picture.ts";

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
      const flags = command.optsWithGlobals<DataFlags>();
      const images = await asUsage(() => firstImages(source, flags));
      await showPicture(flags, grid(images, { scale: enlargement(images.shape) }));
    });
}

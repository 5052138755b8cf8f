import { Command, Option } from "commander";
import type { CheckFlags } from "../../data/check.ts";
import { MOST_TILES, wholeNumber } from "../numbers.ts";

const EXAMPLES = `
Examples:
  ddpm data check photos
  ddpm data check data/fashion-mnist --set split=test --json`;

/** `ddpm data check`: what a path holds, and whether one can train on it. */
export function checkData(): Command {
  return new Command("check")
    .description("what a data set is: counts, sizes, colours, classes, broken and duplicate images")
    .argument("<path>", "a folder or file of images")
    .option("--out <file.png>", "picture with some of its images", "contact-sheet.png")
    .addOption(
      new Option("--count <n>", "images on the sheet").default(64).argParser(wholeNumber(1, MOST_TILES)),
    )
    .option("--set <key=value...>", "options of the data, e.g. split=test")
    .addHelpText("after", EXAMPLES)
    .action(async (path: string, _flags, command: Command) => {
      const { check } = await import("../../data/check.ts");
      await check(path, command.optsWithGlobals<CheckFlags>());
    });
}

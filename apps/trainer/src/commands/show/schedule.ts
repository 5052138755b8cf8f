import { Command } from "commander";
import type { PictureFlags } from "../../show/picture.ts";

/** `ddpm show schedule`: any number of schedules in one picture. */
export function showSchedule(): Command {
  return new Command("schedule")
    .description("β, ᾱ and log-SNR of any number of schedules, in one picture")
    .argument(
      "<schedules...>",
      "names, with options after a colon: cosine linear:steps=600; or files of your own",
    )
    .option("--out <file.svg>", "the chart to write", "schedules.svg")
    .addHelpText("after", "\nExamples:\n  ddpm show schedule linear cosine sigmoid --out schedules.svg")
    .action(async (names: string[], _flags, command: Command) => {
      const { drawSchedules } = await import("../../show/schedule.ts");
      await drawSchedules(names, command.optsWithGlobals<PictureFlags>());
    });
}

import { random } from "@ddpm/core";
import { schedules } from "@ddpm/schedules";
import { forwardStrip, stages } from "@ddpm/viz/images";
import { Command, Option } from "commander";
import { pluginSpec } from "../../config/plugin-spec.ts";
import { makerOf } from "../../config/user-plugins.ts";
import { noised, noiseIn } from "../../drawing/noised.ts";
import { enlargement } from "../../drawing/pictures.ts";
import { asUsage } from "../../output/usage.ts";
import { MOST_STAGES, wholeNumber } from "../numbers.ts";
import { type DataFlags, firstImages, showPicture } from "./picture.ts";

interface ForwardFlags extends DataFlags {
  readonly stages: number;
  readonly schedule: string;
  readonly noise?: boolean;
}

/** Times at which a schedule without steps may be looked at. */
const POINTS = 1000;

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
      const flags = command.optsWithGlobals<ForwardFlags>();
      const schedule = await asUsage(async () => (await makerOf(schedules, pluginSpec(flags.schedule)))());
      const steps = schedule.steps ?? POINTS;
      const times = await asUsage(() => stages(steps + 1, flags.stages).map((i) => i / steps));
      const images = await asUsage(() => firstImages(source, flags));
      const frames = noised(images, schedule, times, random(flags.seed));
      const scale = enlargement(images.shape);
      const noise = flags.noise ? { noise: noiseIn(frames, images, schedule, times) } : {};
      await showPicture(flags, forwardStrip(frames, { scale, ...noise }));
    });
}

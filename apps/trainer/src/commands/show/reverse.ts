import { useBackend } from "@ddpm/backends";
import type { Images } from "@ddpm/core";
import { loadCheckpoint } from "@ddpm/runs";
import { readRunConfig } from "@ddpm/runs/authoring";
import { fsStorage } from "@ddpm/runs/node";
import { writeFileAtomic } from "@ddpm/runs/node/authoring";
import { disposeState } from "@ddpm/trainer";
import { gif, grid, reverseStrip, stages } from "@ddpm/viz/images";
import { Command, Option } from "commander";
import { type DrawOptions, draw } from "../../drawing/draw.ts";
import { symmetric } from "../../drawing/image-range.ts";
import { clipping, enlargement } from "../../drawing/pictures.ts";
import { asUsage } from "../../output/usage.ts";
import { buildRun } from "../../run/build.ts";
import { withBackendOptions } from "../backend-options.ts";
import { STEPS } from "../drawing-options.ts";
import { MOST_STAGES, MOST_STEPS, wholeNumber } from "../numbers.ts";
import { OptionGroup } from "../option-groups.ts";
import { type PictureFlags, showPicture } from "./picture.ts";

interface ReverseFlags extends PictureFlags {
  readonly count: number;
  readonly stages: number;
  readonly steps?: number;
  readonly seed: number;
  readonly gif?: string;
  readonly backend: string;
  readonly threads?: number;
}

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
      const flags = command.optsWithGlobals<ReverseFlags>();
      const frames = await reverseFrames(run, flags);
      const scale = enlargement(frames[0]!.shape);
      if (flags.gif) {
        const film = frames.map((frame) => grid(frame, { scale }));
        await writeFileAtomic(flags.gif, gif(film, { delayMs: 120 }));
      }
      await showPicture(flags, reverseStrip(frames, { scale }));
    });
}

async function reverseFrames(run: string, flags: ReverseFlags): Promise<Images[]> {
  const config = await asUsage(() => readRunConfig(fsStorage(run)));
  const parts = await asUsage(() => buildRun(config));
  const steps = flags.steps ?? config.sample.steps;
  const chosen = await asUsage(() => new Set(stages(steps, flags.stages).map((i) => i + 1)));
  const backend = await asUsage(() => useBackend(flags.backend, flags));
  const { state, meta } = await asUsage(() => loadCheckpoint(fsStorage(run)));
  const options: DrawOptions = {
    parts,
    params: state.ema ?? state.params,
    shape: meta.shape as DrawOptions["shape"],
    steps,
    seed: flags.seed,
    first: 0,
    count: flags.count,
    backend,
    ...clipping(config),
  };
  const frames: Images[] = [];
  for await (const { images } of draw(options, (step) => chosen.has(step)))
    frames.push(symmetric(images, config.data));
  disposeState(state);
  return frames;
}

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
import { backendOption, threadsOption } from "../backend-option.ts";
import { MOST_STAGES, MOST_STEPS, wholeNumber } from "../numbers.ts";
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
  return new Command("reverse")
    .description("noise on its way to pictures, with the sampler of the run")
    .argument("<run>", "folder that `ddpm train` wrote")
    .addOption(new Option("--count <n>", "rows").default(4).argParser(wholeNumber(1, MOST_STAGES)))
    .addOption(
      new Option("--stages <n>", "stages, the last among them")
        .default(9)
        .argParser(wholeNumber(2, MOST_STAGES)),
    )
    .addOption(
      new Option("--steps <n>", "steps from noise to pictures").argParser(wholeNumber(2, MOST_STEPS)),
    )
    .addOption(
      new Option("--seed <n>", "the same seed draws the same pictures").default(0).argParser(wholeNumber(0)),
    )
    .option("--gif <file.gif>", "also as a film")
    .addOption(backendOption())
    .addOption(threadsOption())
    .option("--out <file.png>", "where to draw", "reverse.png")
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

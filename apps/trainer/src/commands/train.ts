import { Argument, Command, Option } from "commander";
import type { TrainFlags } from "../run/train.ts";
import { withBackendOptions } from "./backend-options.ts";
import { positiveNumber, wholeNumber } from "./numbers.ts";
import { OptionGroup } from "./option-groups.ts";

const EXAMPLES = `
Examples:
  ddpm train                                    the quickstart: a few minutes
  ddpm train fashion --data data/fashion-mnist  the files of Fashion-MNIST
  ddpm train cifar-corrected                    a published run, in two stages
  ddpm train my-run.json --set schedule.name=linear --out runs/linear
  ddpm train --resume --out runs/linear         resumes where it stopped
  ddpm train --resume --out runs/linear --back 20000
  ddpm train autoencoder --data data/flowers --out runs/flowers-ae
  ddpm train latent --data data/flowers --autoencoder runs/flowers-ae
  ddpm train --from runs/linear --classes star --images 20000 --out runs/stars`;

/** `ddpm train`: images in, a trained network out. */
export function trainCommand(): Command {
  const command = new Command("train")
    .addArgument(new Argument("[preset|config.json]", "what to train; `ddpm list presets` shows the presets"))
    .optionsGroup(OptionGroup.data)
    .option(
      "--data <path>",
      "images to train on: a folder, a ZIP, an IDX file …; `ddpm list formats` (default: the preset's)",
    )
    .option("--classes <a,b>", "train only on these classes, by name or number", listOf)
    .option(
      "--autoencoder <run>",
      "train in the latents of an autoencoder: the run of one, or a folder of a published one",
    )
    .option("--skip-bad", "skip images that do not decode, and report their number")
    .optionsGroup(OptionGroup.training)
    .addOption(new Option("--images <n>", "end after so many images seen").argParser(wholeNumber(1)))
    .addOption(new Option("--minutes <m>", "end after so many minutes").argParser(positiveNumber))
    .addOption(new Option("--seed <n>", "random seed of weights, order and noise").argParser(wholeNumber(0)))
    .option(
      "--set <key=value...>",
      "change settings of the preset or file, e.g. train.batch=64 denoiser.width=64 schedule.name=linear",
    )
    .optionsGroup(OptionGroup.run)
    .option("--out <folder>", "where checkpoints, log and samples are written (default: runs/<name>)")
    .option("--resume", "resume the run in --out from its latest checkpoint")
    .addOption(
      new Option(
        "--back <images>",
        "with --resume: return to the last checkpoint at or before this many images seen, with half the learning rate",
      ).argParser(wholeNumber(0)),
    )
    .option("--dry-run", "check everything, print the plan and how long it takes, and write nothing")
    .optionsGroup(OptionGroup.tuning)
    .option("--from <run>", "start from the weights and settings of another run, with a fresh optimizer")
    .option("--raw", "with --from: its weights as trained, without averaging (EMA)");
  return withBackendOptions(command)
    .addHelpText("after", EXAMPLES)
    .action(async (source: string | undefined, _flags, command: Command) => {
      const { runTraining } = await import("../run/train.ts");
      process.exitCode = await runTraining(source, command.optsWithGlobals<TrainFlags>());
    });
}

/** Names separated by commas. */
function listOf(text: string): string[] {
  return text.split(",").map((name) => name.trim());
}

import { type Command, Option } from "commander";
import { MOST_STEPS, wholeNumber } from "./numbers.ts";
import { OptionGroup } from "./option-groups.ts";

/** Meaning of `--sampler`. */
export const SAMPLER =
  "sampler, with options after a colon: ddim:eta=1; `ddpm list samplers` (default: the run's)";

/** Meaning of `--steps`. */
export const STEPS = "sampling steps, from noise to pictures (default: the run's)";

/** Meaning of `--spacing`. */
export const SPACING =
  "timestep spacing: leading, trailing, karras …; `ddpm list spacings` (default: the run's)";

/** Meaning of `--sampler` where noise has to come back. */
export const DETERMINISTIC_SAMPLER =
  "deterministic sampler: ddim, dpm-2 (twice the network calls, more accurate) …";

/** Adds the options that every verb which draws pictures has: how to sample, and with which weights. */
export function withDrawingOptions(command: Command, { steps }: { readonly steps: string }): Command {
  command
    .optionsGroup(OptionGroup.sampling)
    .addOption(new Option("--steps <n>", steps).argParser(wholeNumber(1, MOST_STEPS)))
    .option("--spacing <name>", SPACING)
    .addOption(
      new Option("--seed <n>", "random seed: the same seed draws the same pictures")
        .default(0)
        .argParser(wholeNumber(0)),
    )
    .optionsGroup(OptionGroup.condition)
    .option(
      "--label <class,…>",
      "class to draw, by name or number, of a class-conditional network; several are cycled through",
    )
    .addOption(
      new Option("--guidance <w>", "scale of classifier-free guidance; 1 is without guidance")
        .default(1)
        .argParser(Number),
    )
    .option("--prompt <text>", "caption of the pictures to draw, of a network that reads captions")
    .option(
      "--negative <text>",
      "with --guidance: what the pictures shall not show (default: the empty text)",
    )
    .addOption(
      new Option(
        "--rescale <share>",
        "with --guidance: share, 0 to 1, of the contrast that is brought back to that without guidance",
      )
        .default(0)
        .argParser(Number),
    );
  return withWeightOptions(command);
}

/** Adds which weights of a run: for every verb that opens one. */
export function withWeightOptions(command: Command): Command {
  return command
    .optionsGroup(OptionGroup.weights)
    .addOption(
      new Option(
        "--checkpoint <which>",
        "latest, best (lowest held-out loss), a number of images seen, or the folder of a checkpoint",
      ).default("latest"),
    )
    .addOption(new Option("--ema", "the averaged weights (default)").conflicts("raw"))
    .option("--raw", "the weights as trained, without averaging (EMA)");
}

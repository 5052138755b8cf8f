import { type Command, Option } from "commander";
import { MOST_STEPS, wholeNumber } from "./numbers.ts";

/** Adds the options that every verb which draws pictures has: what to draw, and with which weights. */
export function withDrawingOptions(command: Command, { steps }: { readonly steps: string }): Command {
  return command
    .addOption(new Option("--steps <n>", steps).argParser(wholeNumber(1, MOST_STEPS)))
    .option("--spacing <name>", "spacing of the steps in time: `ddpm list spacings`")
    .addOption(
      new Option("--seed <n>", "the same seed draws the same pictures").default(0).argParser(wholeNumber(0)),
    )
    .addOption(
      new Option(
        "--label <class,…>",
        "class to draw, by name or number, of a class-conditional network; several are cycled",
      ),
    )
    .addOption(
      new Option("--guidance <w>", "scale of classifier-free guidance; 1 is the network as trained")
        .default(1)
        .argParser(Number),
    )
    .addOption(new Option("--raw", "the weights as trained, not their average"))
    .addOption(checkpointOption());
}

/** Which checkpoint of a run: for every verb that opens one. */
export function checkpointOption(): Option {
  return new Option(
    "--checkpoint <which>",
    "latest, best (lowest held-out loss), how many images it has seen, or the folder of one",
  ).default("latest");
}

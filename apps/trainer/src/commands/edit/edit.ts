import { Command, Option } from "commander";
import type { EditVerbFlags } from "../../drawing/edit/edit.ts";
import { SAMPLER } from "../drawing-options.ts";
import { OptionGroup } from "../option-groups.ts";
import { withEditOptions } from "./edit-options.ts";

const EXAMPLES = `
Examples:
  ddpm edit runs/fashion sketch.png --strength 0.6
  ddpm edit runs/fashion photos --count 8 --strength 0.4 --sampler dpmpp-2m`;

/** `ddpm edit`: images, noised part of the way and denoised again. */
export function editCommand(): Command {
  const command = new Command("edit")
    .argument("<run>", "folder that `ddpm train` wrote")
    .argument("<images>", "a picture, a folder of them, or a data set")
    .optionsGroup(OptionGroup.sampling)
    .addOption(
      new Option(
        "--strength <share>",
        "how much noise is added first: near 0 nothing changes, 1 forgets the images",
      )
        .default(0.5)
        .argParser(Number),
    )
    .option("--sampler <name>", SAMPLER);
  return withEditOptions(command, {
    out: "edited",
    steps: "sampling steps for strength 1; less strength runs the last share of them",
  })
    .addHelpText("after", EXAMPLES)
    .action(async (run: string, source: string, _flags, own: Command) => {
      const { runEdit } = await import("../../drawing/edit/edit.ts");
      await runEdit(run, source, own.optsWithGlobals<EditVerbFlags>());
    });
}

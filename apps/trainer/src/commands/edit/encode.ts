import { Command } from "commander";
import { DETERMINISTIC_SAMPLER } from "../drawing-options.ts";
import { OptionGroup } from "../option-groups.ts";
import { type EditFlags, withEditOptions } from "./edit-options.ts";

const EXAMPLES = `
Examples:
  ddpm encode runs/fashion photos --count 8 --steps 100
  ddpm encode runs/fashion photo.png --sampler dpm-2 --out encoded`;

/** `ddpm encode`: the noise that images come from. */
export function encodeCommand(): Command {
  const command = new Command("encode")
    .argument("<run>", "folder that `ddpm train` wrote")
    .argument("<images>", "a picture, a folder of them, or a data set")
    .optionsGroup(OptionGroup.sampling)
    .option("--sampler <name>", DETERMINISTIC_SAMPLER, "ddim");
  return withEditOptions(command, { out: "encoded", steps: "steps from pictures to noise, and as many back" })
    .addHelpText("after", EXAMPLES)
    .action(async (run: string, source: string, _flags, own: Command) => {
      const { runEncode } = await import("../../drawing/edit/encode.ts");
      await runEncode(run, source, own.optsWithGlobals<EditFlags>());
    });
}

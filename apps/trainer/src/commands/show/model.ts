import { Command, Option } from "commander";
import type { ModelFlags } from "../../show/model.ts";
import { sides } from "../numbers.ts";

/** `ddpm show model`: what a network has and costs, before anything runs. */
export function showModel(): Command {
  return new Command("model")
    .description("parameters, FLOPs and memory of a network, layer by layer, before anything runs")
    .argument("[preset|config.json|run]", "whose network", "quickstart")
    .addOption(
      new Option("--size <pixels>", "sides of the images, or 16x24 (default: those of the data)").argParser(
        sides,
      ),
    )
    .option("--set <key=value...>", "change a setting, e.g. denoiser.width=64")
    .addHelpText(
      "after",
      "\nExamples:\n  ddpm show model\n  ddpm show model my-run.json --set denoiser.width=128 --size 64\n  ddpm show model runs/quickstart --json",
    )
    .action(async (source: string, _flags, command: Command) => {
      const { describeModel } = await import("../../show/model.ts");
      await describeModel(source, command.optsWithGlobals<ModelFlags>());
    });
}

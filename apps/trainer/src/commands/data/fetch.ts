import { Argument, Command } from "commander";
import type { FetchFlags } from "../../data/fetch.ts";

const EXAMPLES = `
Examples:
  ddpm data fetch                  what there is
  ddpm data fetch fashion-mnist    into data/fashion-mnist; resumes
  ddpm data fetch cifar10 --out sets --from http://mirror.example/cifar/`;

/** `ddpm data fetch`: a published data set, from its publisher. */
export function fetchData(): Command {
  return new Command("fetch")
    .description("download a published data set, checked, to train on")
    .addArgument(new Argument("[name]", "one of those that `ddpm data fetch` lists"))
    .option("--out <folder>", "where the set's folder goes", "data")
    .option("--from <url>", "a folder on the web that has the same files, to be tried first")
    .option("--keep", "keep the archive when it is unpacked")
    .addHelpText("after", EXAMPLES)
    .action(async (name: string | undefined, _flags, command: Command) => {
      const { fetchPublished } = await import("../../data/fetch.ts");
      process.exitCode = await fetchPublished(name, command.optsWithGlobals<FetchFlags>());
    });
}

import { backends } from "@ddpm/backends";
import { type Command, Option } from "commander";
import { wholeNumber } from "./numbers.ts";
import { OptionGroup } from "./option-groups.ts";

/** Threads at most: each takes memory, and no machine of today gains from more in one operation. */
const MOST_THREADS = 256;

/** Adds `--backend NAME` and `--threads N`, which every verb has that computes. */
export function withBackendOptions(command: Command): Command {
  return command
    .optionsGroup(OptionGroup.machine)
    .addOption(
      new Option(
        "--backend <name>",
        `TensorFlow.js backend: auto (the fastest that works here), ${backends.names.join(", ")}`,
      ).default("auto"),
    )
    .addOption(
      new Option(
        "--threads <n>",
        `CPU threads of the onnx and node backends, 1 to ${MOST_THREADS} (default: all cores that the process may use)`,
      ).argParser(wholeNumber(1, MOST_THREADS)),
    );
}

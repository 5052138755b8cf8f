import { type Command, Option } from "commander";
import type { ModelFlags } from "../../drawing/open-model.ts";
import { withBackendOptions } from "../backend-options.ts";
import { withDrawingOptions } from "../drawing-options.ts";
import { MOST_PICTURES, wholeNumber } from "../numbers.ts";
import { OptionGroup } from "../option-groups.ts";

/** Flags of every verb that works on images. */
export interface EditFlags extends ModelFlags {
  readonly count: number;
  readonly skip: number;
  readonly out?: string;
  readonly json?: boolean;
}

/** Adds the options that the verbs share. */
export function withEditOptions(command: Command, { out, steps }: { out: string; steps: string }): Command {
  withDrawingOptions(command, { steps })
    .optionsGroup(OptionGroup.pictures)
    .addOption(
      new Option("--count <n>", "images at most").default(8).argParser(wholeNumber(1, MOST_PICTURES)),
    )
    .addOption(new Option("--skip <n>", "skip this many images first").default(0).argParser(wholeNumber(0)))
    .option(
      "--out <folder>",
      `where to write (default: ${out}, or ${out}-2 … where that has another drawing)`,
    );
  return withBackendOptions(command);
}

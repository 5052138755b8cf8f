import type { Command } from "commander";
import { UsageError } from "../output/usage.ts";

/**
 * Refuses arguments and options that were given without a value, as `--out ""`: a shell makes them of a variable that is
 * not set.
 *
 * @throws UsageError naming which
 */
export function checkGiven(command: Command): void {
  for (const option of command.options) {
    const value: unknown = command.getOptionValue(option.attributeName());
    if ([value].flat().includes("")) {
      throw new UsageError(
        `${option.long} is empty, expected a value. Leave it out for what holds without it.`,
      );
    }
  }
  const empty = command.processedArgs.flat().indexOf("");
  if (empty >= 0) {
    const name = command.registeredArguments[Math.min(empty, command.registeredArguments.length - 1)]?.name();
    throw new UsageError(`the argument ${name} is empty, expected a value.`);
  }
}

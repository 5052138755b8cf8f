import { isDdpmError } from "@ddpm/core";
import { CommanderError } from "commander";
import pc from "picocolors";
import { Exit } from "./exit.ts";
import { UsageError } from "./usage.ts";

/**
 * Says what went wrong, in one line (a defect of ours with its stack).
 *
 * @returns the exit status
 */
export function reportError(error: unknown, json: boolean): number {
  const expected = error instanceof UsageError || error instanceof CommanderError || isDdpmError(error);
  const message = inFlags(error instanceof Error ? error.message.replace(/^error: /, "") : String(error));
  const refusal = error instanceof UsageError ? error.cause : error;
  const hint = isDdpmError(refusal) && refusal.hint ? inFlags(refusal.hint) : undefined;
  if (json) {
    process.stdout.write(`${JSON.stringify({ event: "error", message, ...(hint ? { hint } : {}) })}\n`);
  } else {
    process.stderr.write(`${pc.red("error")} ${message}\n`);
  }
  if (!expected && error instanceof Error) process.stderr.write(`${error.stack}\n`);
  const usage = error instanceof UsageError || error instanceof CommanderError;
  return usage ? Exit.usage : Exit.failed;
}

/** What the packages call their options, as the command calls them. */
function inFlags(text: string): string {
  return text.replace("or set skipBad", "or train with --skip-bad, which leaves it out");
}

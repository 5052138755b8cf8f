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
  const system = systemMessage(error);
  const expected =
    error instanceof UsageError ||
    error instanceof CommanderError ||
    isDdpmError(error) ||
    system !== undefined;
  const said = error instanceof Error ? error.message.replace(/^error: /, "") : String(error);
  const message = system ?? inFlags(said);
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

/** What a file system's refusals mean, by their codes. */
const REFUSALS: Readonly<Record<string, string>> = {
  ENOENT: "it is not there. Give another path.",
  ENOTDIR: "a part of this path is a file, expected a folder. Give another path.",
  EEXIST: "it is a file, expected a folder. Give another path.",
  EISDIR: "it is a folder, expected a file. Give another path.",
  EACCES: "not allowed. Give another path, or ask for the right to use this one.",
  EPERM: "not allowed. Give another path, or ask for the right to use this one.",
  EROFS: "nothing can be written there. Give another path.",
  ENOSPC: "no space left. Free some and start again: what was saved before is intact.",
};

/** A refusal of the file system in words; undefined for any other error. */
function systemMessage(error: unknown): string | undefined {
  const { code = "", path } = (error ?? {}) as NodeJS.ErrnoException;
  return path !== undefined && code in REFUSALS ? `[ddpm/files] ${path}: ${REFUSALS[code]}` : undefined;
}

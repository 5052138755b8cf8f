import { accessSync, constants, existsSync } from "node:fs";
import { dirname } from "node:path";
import { isDdpmError } from "@ddpm/core";
import { CommanderError } from "commander";
import pc from "picocolors";
import { asStarted } from "./as-started.ts";
import { Exit } from "./exit.ts";
import { inFlags } from "./in-flags.ts";
import { UsageError } from "./usage.ts";

/**
 * Reports what went wrong, in one line (a defect of ours with its stack).
 *
 * @param help a second line: which help to read
 * @returns the exit status
 */
export function reportError(error: unknown, json: boolean, help?: string): number {
  const system = systemMessage(error);
  const expected =
    error instanceof UsageError ||
    error instanceof CommanderError ||
    isDdpmError(error) ||
    system !== undefined;
  const text = error instanceof Error ? error.message.replace(/^error: /, "") : String(error);
  const message = system ?? asStarted(inFlags(text));
  const refusal = error instanceof UsageError ? error.cause : error;
  const hint =
    isDdpmError(refusal) && refusal.hint ? asStarted(inFlags(refusal.hint)) : help && asStarted(help);
  if (json) {
    process.stdout.write(`${JSON.stringify({ event: "error", message, ...(hint ? { hint } : {}) })}\n`);
  } else {
    process.stderr.write(`${pc.red("error")} ${message}\n${help ? `${asStarted(help)}\n` : ""}`);
  }
  if (!expected && error instanceof Error) process.stderr.write(`${error.stack}\n`);
  const usage = error instanceof UsageError || error instanceof CommanderError;
  return usage ? Exit.usage : Exit.failed;
}

/** What a file system's refusals mean, by their codes. */
const REFUSALS: Readonly<Record<string, string>> = {
  ENOENT: "it is not there. Give another path.",
  ENOTDIR: "a part of this path is a file, expected a folder. Give another path.",
  EEXIST: "it is a file, expected a folder. Give another path.",
  EISDIR: "it is a folder, expected a file. Give another path.",
  EACCES: "not allowed. Give another path, or ask for the right to use this one.",
  EPERM: "not allowed. Give another path, or ask for the right to use this one.",
  EROFS: "the file system is read-only. Give another path.",
  ENOSPC: "no space left. Free some and start again: what was saved before is intact.",
  EDQUOT: "the disk quota is used up. Free some space and start again: what was saved before is intact.",
  EIO: "the disk reports an input/output error. Check the disk, or give another path.",
  EMFILE: "too many files are open. Raise the limit (`ulimit -n`).",
  ENAMETOOLONG: "the path is too long. Give a shorter one.",
  ELOOP: "its links lead in a circle. Give another path.",
};

/** A refusal of the file system in words; undefined for any other error. */
function systemMessage(error: unknown): string | undefined {
  const { path, syscall } = (error ?? {}) as NodeJS.ErrnoException;
  const code = codeOf((error ?? {}) as NodeJS.ErrnoException);
  const where = path ?? (syscall && `a file (${syscall})`);
  return where !== undefined && code in REFUSALS ? `[cli/files] ${where}: ${REFUSALS[code]}` : undefined;
}

/** The code of an error; of folders that Node could not make and calls missing, the real reason, e.g. a read-only disk. */
function codeOf({ code = "", path, syscall }: NodeJS.ErrnoException): string {
  if (code !== "ENOENT" || syscall !== "mkdir" || path === undefined) return code;
  let there = dirname(path);
  while (!existsSync(there) && there !== dirname(there)) there = dirname(there);
  try {
    accessSync(there, constants.W_OK);
    return code;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? code;
  }
}

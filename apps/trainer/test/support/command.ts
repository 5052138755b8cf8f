import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const bin = fileURLToPath(new URL("../../bin/ddpm.mjs", import.meta.url));

/** How a call of the command ended. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Standard output as JSON lines. */
  readonly events: readonly Record<string, unknown>[];
}

/** A call of `ddpm` that may be interrupted. */
export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
}

/** Starts `ddpm` with these words. */
export function startDdpm(
  words: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Running {
  const child = spawn(process.execPath, [bin, ...words], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, NO_COLOR: "1", ...environment },
  });
  let stdout = "";
  let stderr = "";
  child.stdout!.on("data", (chunk) => {
    stdout += chunk;
  });
  child.stderr!.on("data", (chunk) => {
    stderr += chunk;
  });
  const ended = new Promise<Ended>((resolve) => {
    child.on("close", (code) => resolve({ code, stdout, stderr, events: eventsIn(stdout) }));
  });
  return { child, ended };
}

/** The JSON lines of what a call of the command printed. */
export function eventsIn(stdout: string): Record<string, unknown>[] {
  return stdout
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .flatMap(parsed);
}

function parsed(line: string): Record<string, unknown>[] {
  try {
    return [JSON.parse(line)];
  } catch {
    return [];
  }
}

/** Runs `ddpm` to its end, in a process of its own. */
export function ddpm(...words: readonly string[]): Promise<Ended> {
  return startDdpm(words).ended;
}

const made: string[] = [];

/** Removes what `temporaryFolder` made: after each file of tests, for several may share a process. */
export function removeTemporaryFolders(): void {
  for (const path of made.splice(0)) rmSync(path, { recursive: true, force: true, maxRetries: 3 });
}

/** An empty folder of this test's own, which goes when the file's tests are done. */
export function temporaryFolder(): string {
  const path = mkdtempSync(join(tmpdir(), "ddpm-test-"));
  made.push(path);
  return path;
}

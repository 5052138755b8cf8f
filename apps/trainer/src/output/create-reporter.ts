import { jsonReporter } from "./json-reporter.ts";
import { plainReporter } from "./plain-reporter.ts";
import type { Reporter } from "./reporter.ts";
import { terminalReporter } from "./terminal-reporter.ts";

/** JSON lines when asked for; bars on a terminal; plain lines elsewhere. */
export function createReporter(json: boolean): Reporter {
  if (json) return jsonReporter();
  return process.stdout.isTTY ? terminalReporter() : plainReporter();
}

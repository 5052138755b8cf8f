import type { Reporter } from "./reporter.ts";

/** One JSON object per line on standard output; words for people go to standard error. */
export function jsonReporter(): Reporter {
  return {
    say: (text) => process.stderr.write(`${text}\n`),
    preview() {},
    progress() {},
    event: (event) => process.stdout.write(`${JSON.stringify(event)}\n`),
    close() {},
  };
}

import { asStarted } from "./as-started.ts";
import { jsonReporter } from "./json-reporter.ts";
import { plainReporter } from "./plain-reporter.ts";
import type { Reporter } from "./reporter.ts";
import { terminalReporter } from "./terminal-reporter.ts";

/** JSON lines when asked for; bars on a terminal; plain lines elsewhere. */
export function createReporter(json: boolean): Reporter {
  if (json) return naming(jsonReporter());
  return naming(process.stdout.isTTY ? terminalReporter() : plainReporter());
}

/** A reporter whose texts name commands as this one was started. */
function naming(reporter: Reporter): Reporter {
  return {
    ...reporter,
    say: (text) => reporter.say(asStarted(text)),
    event: (event, text) => reporter.event(event, text === undefined ? text : asStarted(text)),
  };
}

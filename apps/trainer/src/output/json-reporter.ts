import { every, PROGRESS_SECONDS } from "./every.ts";
import type { Reporter } from "./reporter.ts";

/** One JSON object per line on standard output; words for people go to standard error. */
export function jsonReporter(): Reporter {
  const due = every(PROGRESS_SECONDS);
  const event: Reporter["event"] = (event) => process.stdout.write(`${JSON.stringify(event)}\n`);
  return {
    say: (text) => process.stderr.write(`${text}\n`),
    preview() {},
    progress({ done, total, unit, perSecond, note, values }) {
      if (!values || !due()) return;
      const pace =
        perSecond !== undefined && perSecond > 0 && Number.isFinite(perSecond)
          ? { [`${unit}PerSecond`]: perSecond, secondsLeft: (total - done) / perSecond }
          : {};
      event({ event: "progress", [unit]: done, of: total, ...pace, ...values, ...(note ? { note } : {}) });
    },
    event,
    close() {},
  };
}

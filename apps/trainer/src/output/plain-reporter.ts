import { every, PROGRESS_SECONDS } from "./every.ts";
import { progressParts } from "./progress-parts.ts";
import type { Reporter } from "./reporter.ts";

/** Plain lines, for files and pipes. */
export function plainReporter(): Reporter {
  const due = every(PROGRESS_SECONDS);
  const say = (text: string): void => void process.stdout.write(`${text}\n`);
  let ended = false;
  return {
    say,
    preview() {},
    progress(progress) {
      const before = ended;
      ended = progress.done >= progress.total;
      if (ended ? before : !due()) return;
      say([...progressParts(progress), progress.note ?? ""].join("  ").trimEnd());
    },
    event(_event, text) {
      if (text) say(text);
    },
    close() {},
  };
}

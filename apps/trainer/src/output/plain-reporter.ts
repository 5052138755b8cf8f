import { formatDuration, formatRate } from "./format.ts";
import type { Reporter } from "./reporter.ts";

/** Seconds between progress lines: a log file should stay readable. */
const INTERVAL = 10;

/** Plain lines, for files and pipes. */
export function plainReporter(): Reporter {
  let last = 0;
  const say = (text: string): void => void process.stdout.write(`${text}\n`);
  return {
    say,
    preview() {},
    progress({ done, total, unit, perSecond, note }) {
      const now = performance.now() / 1000;
      if (now - last < INTERVAL && done < total) return;
      last = now;
      const left = formatDuration((total - done) / perSecond);
      say(`${done}/${total} ${unit}  ${formatRate(perSecond, unit)}  ${left} left  ${note ?? ""}`.trimEnd());
    },
    event(_event, text) {
      if (text) say(text);
    },
    close() {},
  };
}

import { formatDuration, formatRate } from "@ddpm/core/authoring";
import { every, PROGRESS_SECONDS } from "./every.ts";
import type { Reporter } from "./reporter.ts";

/** Plain lines, for files and pipes. */
export function plainReporter(): Reporter {
  const due = every(PROGRESS_SECONDS);
  const say = (text: string): void => void process.stdout.write(`${text}\n`);
  return {
    say,
    preview() {},
    progress({ done, total, unit, perSecond, note }) {
      if (!due() && done < total) return;
      const speed = Number.isFinite(perSecond) && perSecond > 0;
      const left = formatDuration((total - done) / perSecond);
      const pace = speed ? `  ${formatRate(perSecond, unit)}  ${left} left` : "";
      say(`${done}/${total} ${unit}${pace}  ${note ?? ""}`.trimEnd());
    },
    event(_event, text) {
      if (text) say(text);
    },
    close() {},
  };
}

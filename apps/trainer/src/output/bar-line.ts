import cliProgress from "cli-progress";
import pc from "picocolors";
import { progressParts } from "./progress-parts.ts";
import type { Progress } from "./reporter.ts";

/** Cells of a bar, at most and at least. */
const LONGEST = 24;
const SHORTEST = 4;

/**
 * A bar with its numbers in one line that fits: the bar gets shorter first, then the rate is left out, and the note
 * (the loss) stays.
 *
 * @param share  of the work that is done, in [0, 1]
 * @param columns of the terminal
 */
export function barLine(progress: Progress, share: number, columns: number): string {
  const percentage = `${Math.floor(100 * share)}%`.padStart(4);
  const [far, rate, left] = progressParts(progress) as [string, string?, string?];
  const lines = [
    [far, rate, left, progress.note],
    [far, left, progress.note],
    [far, progress.note],
    [far],
  ].map((parts) => [percentage, ...parts.filter(Boolean)].join("  "));
  const room = (line: string): number => columns - 1 - line.length - 1;
  const line = lines.find((one) => room(one) >= SHORTEST) ?? percentage;
  const length = Math.max(SHORTEST, Math.min(LONGEST, room(line)));
  return `${pc.cyan(bar(share, length))} ${line}`;
}

function bar(share: number, length: number): string {
  const { barCompleteChar, barIncompleteChar } = cliProgress.Presets.rect;
  const full = Math.round(share * length);
  return barCompleteChar!.repeat(full) + barIncompleteChar!.repeat(length - full);
}

import { columns } from "../../eval/table.ts";
import { Exit } from "../../output/exit.ts";
import type { Reporter } from "../../output/reporter.ts";
import type { Comparison } from "./conclusion.ts";
import { type ComparisonFiles, repeatsAsJson } from "./files.ts";
import { cells } from "./table.ts";

/** Prints a comparison for people, and as the last event for scripts. */
export function report(
  comparison: Comparison,
  files: ComparisonFiles,
  out: string,
  reporter: Reporter,
): number {
  const { facts, results, repeats, verdicts, caution, skipped } = comparison;
  reporter.close();
  for (const [name, value] of facts) reporter.say(`${name}: ${value}`);
  for (const line of ["", ...columns(cells(comparison)), ""]) reporter.say(line);
  for (const { text } of verdicts) reporter.say(text);
  reporter.say(caution);
  for (const one of skipped) reporter.say(`skipped: ${one}`);
  reporter.event(
    {
      event: "done",
      out,
      files,
      results: results.map(({ contributions: _, pictures: __, ...rest }) => rest),
      ...(repeats ? { repeats: repeats.map(repeatsAsJson) } : {}),
      verdicts,
      skipped,
    },
    `${files.report}, ${files.table}, ${files.grid}, ${files.json}`,
  );
  return Exit.done;
}

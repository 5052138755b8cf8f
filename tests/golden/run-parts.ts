import { type Case, entriesOf, type GoldenResult, isRecord, type RunEntry, summarise } from "./result.ts";

/** Members of a file that hold no cases. */
const TEXT: ReadonlySet<string> = new Set(["format", "commits", "note", "notes"]);

/**
 * Compares a file that has a list of cases under each of its parts. A part that nothing compares is unsupported, entry by
 * entry.
 */
export async function runParts(
  json: unknown,
  parts: Readonly<Record<string, RunEntry>>,
): Promise<GoldenResult> {
  if (!isRecord(json)) throw new Error("expected a JSON object");
  const cases: Case[] = [];
  for (const [part, entries] of Object.entries(json)) {
    if (TEXT.has(part)) continue;
    const run = Object.hasOwn(parts, part) ? parts[part] : undefined;
    if (run) cases.push(...(await entriesOf(part, entries, run)));
    else cases.push(...unknownPart(part, entries));
  }
  return summarise(cases);
}

function unknownPart(part: string, entries: unknown): Case[] {
  const reason = `nothing compares the part ${part}`;
  if (!Array.isArray(entries) || entries.length === 0) return [{ id: part, reason }];
  return entries.map((_, i) => ({ id: `${part}/${i}`, reason }));
}

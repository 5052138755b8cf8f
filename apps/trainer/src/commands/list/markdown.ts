import { type Entry, kinds } from "./entries.ts";

/** A column: its head, and its text for an entry. */
type Column = readonly [head: string, text: (entry: Entry) => string];

/** Columns in order; one that is empty for all entries is left out. */
const columns: readonly Column[] = [
  ["name", ({ name }) => `\`${name}\``],
  ["what it is", ({ about }) => about],
  ["properties", ({ facts }) => (facts?.texts ?? []).join(", ")],
  ["options", ({ options = [] }) => options.map(({ name }) => `\`${name}\``).join(", ")],
  ["source", ({ source = "" }) => source],
];

/**
 * The plugins of a kind as a table in Markdown, for READMEs: between `<!-- table: KIND -->` and `<!-- /table -->`.
 *
 * @param kind one of the kinds of `ddpm list`
 */
export function markdownTable(kind: string): string {
  const entries = kinds[kind]!();
  const used = columns.filter(([, text]) => entries.some((entry) => text(entry) !== ""));
  const rows = [
    used.map(([head]) => head),
    used.map(() => "---"),
    ...entries.map((entry) => used.map(([, text]) => text(entry).replaceAll("|", "\\|"))),
  ];
  return rows.map((row) => `| ${row.join(" | ")} |`).join("\n");
}

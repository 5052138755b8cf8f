import { type Entry, kinds, type OptionEntry } from "../../../apps/trainer/src/commands/list/entries.ts";
import { escaped } from "./docstring.ts";

/** A kind of plugin: what its page is called, and what `ddpm list` calls it. */
export interface PluginKind {
  readonly kind: string;
  readonly page: string;
  readonly entries: readonly Entry[];
}

/** All kinds that `ddpm list` knows. */
export function pluginKinds(): readonly PluginKind[] {
  return Object.entries(kinds).map(([kind, entries]) => ({
    kind,
    page: `reference/plugins/${kind}`,
    entries: entries(),
  }));
}

/** The page of a kind: every plugin with its options, defaults and source, from the registry. */
export function pluginPage(
  { kind, entries }: PluginKind,
  nameLink: (plugin: string) => string | undefined,
): string {
  const title = kind.replaceAll(/(?<=[a-z])(?=[A-Z])|-/g, " ").toLowerCase();
  return [
    "---",
    "outline: 2",
    "---",
    "",
    `# ${title[0]!.toUpperCase()}${title.slice(1)} {#entry}`,
    "",
    `From the registry; \`ddpm list ${kind}\` prints the same in a terminal.`,
    ...entries.map((entry) => `\n${pluginSection(entry, nameLink(entry.name))}`),
  ].join("\n");
}

function pluginSection(
  { name, about, source, facts, options = [] }: Entry,
  link: string | undefined,
): string {
  const lines = [`## ${name} {#${name}}`, "", escaped(about)];
  if (facts) lines.push("", `${facts.texts.join(", ")}.`);
  if (options.length > 0) lines.push("", optionTable(options));
  if (source) lines.push("", `Source: ${escaped(source)}.`);
  if (link) lines.push("", `In a program: ${link}.`);
  return lines.join("\n");
}

function optionTable(options: readonly OptionEntry[]): string {
  const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("\n", " ");
  const code = (text: string): string => (text === "" ? "" : `\`${cell(text)}\``);
  const rows = options.map(({ name, type, about, ...rest }) => [
    code(name),
    code(type),
    rest.default === undefined ? "" : code(JSON.stringify(rest.default)),
    cell(escaped(about)),
  ]);
  return [["option", "type", "default", "what it is"], ["---", "---", "---", "---"], ...rows]
    .map((row) => `| ${row.join(" | ")} |`)
    .join("\n");
}

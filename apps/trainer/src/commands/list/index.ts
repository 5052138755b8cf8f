import { nearest } from "@ddpm/core/authoring";
import { Argument, Command } from "commander";
import pc from "picocolors";
import { createReporter } from "../../output/create-reporter.ts";
import type { Reporter } from "../../output/reporter.ts";
import { UsageError } from "../../output/usage.ts";
import { type Entry, kinds } from "./entries.ts";
import { markdownTable } from "./markdown.ts";

const EXAMPLES = `
Examples:
  ddpm list
  ddpm list schedules
  ddpm list metrics --markdown
  ddpm list samplers --json`;

interface ListFlags {
  readonly markdown?: boolean;
  readonly json?: boolean;
}

/** `ddpm list`: what there is, with options and sources. */
export function listCommand(): Command {
  return new Command("list")
    .addArgument(new Argument("[kind]", `one of ${Object.keys(kinds).join(", ")}`))
    .option("--markdown", "as tables in Markdown")
    .addHelpText("after", EXAMPLES)
    .action((kind: string | undefined, _options, command: Command) => {
      const { markdown, json } = command.optsWithGlobals<ListFlags>();
      if (kind !== undefined) checkKind(kind);
      const shown = kind === undefined ? Object.keys(kinds) : [kind];
      if (markdown) return void console.log(tables(shown));
      const reporter = createReporter(Boolean(json));
      for (const name of shown) list(name, kind !== undefined, reporter);
    });
}

function checkKind(kind: string): void {
  const names = Object.keys(kinds);
  if (names.includes(kind)) return;
  const hint = nearest(kind, names);
  throw new UsageError(
    `there is no kind "${kind}": expected one of ${names.join(", ")}. ${hint ?? ""}`.trimEnd(),
  );
}

function tables(names: readonly string[]): string {
  if (names.length === 1) return markdownTable(names[0]!);
  return names.map((name) => `## ${name}\n\n${markdownTable(name)}`).join("\n\n");
}

/** @param full with sources and options */
function list(kind: string, full: boolean, reporter: Reporter): void {
  reporter.event({ event: "kind", kind }, pc.bold(kind));
  const entries = kinds[kind]!();
  const width = Math.max(18, ...entries.map((entry) => entry.name.length));
  for (const entry of entries) {
    const { facts, ...rest } = entry;
    reporter.event({ event: "entry", kind, ...rest, ...facts?.fields }, inWords(entry, width, full));
  }
}

function inWords({ name, about, source, facts, options = [] }: Entry, width: number, full: boolean): string {
  const head = `  ${pc.cyan(name.padEnd(width))} ${about}`;
  if (!full) return head;
  const lines = options.map((option) => {
    const standard = option.default === undefined ? "" : pc.dim(` (${JSON.stringify(option.default)})`);
    return `      ${option.name}: ${pc.dim(option.type)} ${option.about}${standard}`;
  });
  const texts = facts ? [`      ${facts.texts.join(" · ")}`] : [];
  return [head, ...texts, ...(source ? [`      ${pc.dim(source)}`] : []), ...lines].join("\n");
}

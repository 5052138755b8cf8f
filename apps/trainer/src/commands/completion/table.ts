import { backends } from "@ddpm/backends";
import { publishedSets } from "@ddpm/data/node";
import { samplers } from "@ddpm/diffusion";
import { families } from "@ddpm/exchange";
import { metrics } from "@ddpm/metrics";
import { nodeExtractors } from "@ddpm/metrics/node";
import { presets } from "@ddpm/runs";
import { schedules, spacings } from "@ddpm/schedules";
import type { Command } from "commander";
import { pluginKinds } from "../../plugins.ts";

/** What a shell completes after a verb. */
export interface Completed {
  /** The verb, or the group and the verb in it; empty for the command itself. */
  readonly verb: string;
  /** Verbs inside it, or names that its argument takes. */
  readonly names: readonly string[];
  readonly options: readonly CompletedOption[];
}

/** An option, and what follows it. */
export interface CompletedOption {
  readonly flag: string;
  readonly about: string;
  /** Names of values; undefined for a switch, empty where the shell completes files. */
  readonly values?: readonly string[];
}

const VALUES: Readonly<Record<string, readonly string[]>> = {
  "--backend": ["auto", ...backends.names],
  "--sampler": samplers.names,
  "--samplers": ["all", ...samplers.names],
  "--spacing": spacings.names,
  "--schedule": schedules.names,
  "--extractor": nodeExtractors.names,
  "--metrics": metrics.names,
  "--checkpoint": ["latest", "best"],
  "--to": [...families.names, "onnx"],
  "import --from": families.names,
};

const NAMES: Readonly<Record<string, readonly string[]>> = {
  train: presets.names,
  compare: presets.names,
  list: Object.keys(pluginKinds),
  "show schedule": schedules.names,
  "show model": presets.names,
  "data fetch": publishedSets.map(({ name }) => name),
};

/** What there is to complete, of the command and of every verb. */
export function completionTable(program: Command, shells: readonly string[]): readonly Completed[] {
  const verbs = program.commands.map((command) => command.name());
  const names = { ...NAMES, help: verbs, completion: shells };
  const all = program.options.map(completedOption(""));
  const rows = (command: Command, before = ""): Completed[] => {
    const verb = `${before} ${command.name()}`.trim();
    const inner = command.commands.map((each) => each.name());
    const options = [...command.options.map(completedOption(verb)), ...all, HELP];
    return [
      { verb, names: inner.length > 0 ? inner : (names[verb as keyof typeof names] ?? []), options },
      ...command.commands.flatMap((each) => rows(each, verb)),
    ];
  };
  return [
    { verb: "", names: [...verbs, "help"], options: [...all, HELP] },
    ...program.commands.flatMap((command) => rows(command)),
    { verb: "help", names: verbs, options: [] },
  ];
}

const HELP: CompletedOption = { flag: "--help", about: "this help" };

function completedOption(verb: string): (option: Command["options"][number]) => CompletedOption {
  return ({ long, description, required, optional }) => {
    const flag = long!;
    const base = { flag, about: description };
    return required || optional ? { ...base, values: VALUES[`${verb} ${flag}`] ?? VALUES[flag] ?? [] } : base;
  };
}

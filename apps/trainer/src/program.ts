import { nearest } from "@ddpm/core/authoring";
import { Command, CommanderError, Option } from "commander";
import { checkGiven } from "./commands/given.ts";
import { Exit } from "./output/exit.ts";
import { reportError } from "./output/report-error.ts";
import { UsageError } from "./output/usage.ts";
import { version } from "./version.ts";

/** Loaded when asked for: a verb need not wait for what the others import. */
export const verbs: Readonly<Record<string, () => Promise<Command>>> = {
  train: async () => (await import("./commands/train.ts")).trainCommand(),
  sample: async () => (await import("./commands/sample.ts")).sampleCommand(),
  eval: async () => (await import("./commands/eval.ts")).evalCommand(),
  compare: async () => (await import("./commands/compare.ts")).compareCommand(),
  edit: async () => (await import("./commands/edit/edit.ts")).editCommand(),
  inpaint: async () => (await import("./commands/edit/inpaint.ts")).inpaintCommand(),
  encode: async () => (await import("./commands/edit/encode.ts")).encodeCommand(),
  interpolate: async () => (await import("./commands/edit/interpolate.ts")).interpolateCommand(),
  import: async () => (await import("./commands/import.ts")).importCommand(),
  export: async () => (await import("./commands/export.ts")).exportCommand(),
  average: async () => (await import("./commands/average.ts")).averageCommand(),
  show: async () => (await import("./commands/show/index.ts")).showCommand(),
  data: async () => (await import("./commands/data/index.ts")).dataCommand(),
  list: async () => (await import("./commands/list/index.ts")).listCommand(),
  doctor: async () => (await import("./commands/doctor/index.ts")).doctorCommand(),
  completion: async () =>
    (await import("./commands/completion/index.ts")).completionCommand(() => programOf(Object.values(verbs))),
};

/**
 * Does what `ddpm` does when it is started with these words.
 *
 * @returns the exit status
 */
export async function runProgram(words: readonly string[]): Promise<number> {
  const asked = words.find((word) => Object.hasOwn(verbs, word));
  const json = words.includes("--json");
  const versionOnly = words.some((word) => word === "--version" || word === "-V");
  const [first, second] = words.filter((word) => !word.startsWith("-"));
  let group: Command | undefined;
  try {
    const program = await programOf(asked ? [verbs[asked]!] : versionOnly ? [] : Object.values(verbs));
    group = program.commands.find((command) => command.name() === first && command.commands.length > 0);
    if (first === "help" && second !== undefined && !Object.hasOwn(verbs, second)) refuseVerb(second);
    if (words.length === 0) program.outputHelp();
    else if (group && second === undefined) group.outputHelp();
    else await program.parseAsync(words, { from: "user" });
    return Number(process.exitCode ?? Exit.done);
  } catch (error) {
    const parsed = error instanceof CommanderError;
    if (parsed && error.exitCode === 0) return Exit.done;
    const inner = group?.commands.find((command) => command.name() === second);
    return reportError(error, json, parsed ? helpOf([asked, inner?.name()]) : undefined);
  }
}

function helpOf(verb: readonly (string | undefined)[]): string {
  return `\`${["ddpm", ...verb, "--help"].filter((word) => word !== undefined).join(" ")}\` lists what there is.`;
}

function refuseVerb(name: string): never {
  const hint = nearest(name, Object.keys(verbs)) ?? "`ddpm --help` lists all.";
  throw new UsageError(`there is no command "${name}". ${hint}`);
}

async function programOf(load: readonly (() => Promise<Command>)[]): Promise<Command> {
  const program = new Command("ddpm")
    .version(version, "-V, --version", "the version of the command")
    .description("Train denoising diffusion models, and sample from them.")
    .addOption(new Option("--json", "one JSON object per line on standard output, nothing else there"))
    .configureHelp({ showGlobalOptions: true, subcommandTerm: (command) => command.name() })
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({ writeErr: () => {} })
    .hook("preAction", (_program, command) => {
      checkGiven(command);
      // Starting a backend takes seconds on slow machines.
      const output = command.optsWithGlobals().json ? process.stderr : process.stdout;
      if (command.name() === "train") output.write("ddpm train: starting\n");
    });
  /** Help, errors and exits of a verb, and of the verbs inside it, are the program's. */
  const inherit = (command: Command): Command => {
    for (const inner of command.commands) inherit(inner);
    return command.copyInheritedSettings(program);
  };
  for (const verb of load) program.addCommand(inherit(await verb()));
  return program;
}

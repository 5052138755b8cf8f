import { nearest } from "@ddpm/core/authoring";
import { Command, CommanderError, Help, Option } from "commander";
import { checkGiven } from "./commands/given.ts";
import { OptionGroup } from "./commands/option-groups.ts";
import { Exit } from "./output/exit.ts";
import { reportError } from "./output/report-error.ts";
import { UsageError } from "./output/usage.ts";
import { version } from "./version.ts";

/** A verb of the command. */
interface Verb {
  readonly about: string;
  /** Loaded when it is called: a verb need not wait for what the others import. */
  readonly load: () => Promise<Command>;
}

/** Every verb by its name, in the order in which the help lists them. */
export const verbs: Readonly<Record<string, Verb>> = {
  train: {
    about: "train a network, from a preset or a config file",
    load: async () => (await import("./commands/train.ts")).trainCommand(),
  },
  sample: {
    about: "draw pictures from a trained network",
    load: async () => (await import("./commands/sample.ts")).sampleCommand(),
  },
  eval: {
    about: "measure how good a trained network's samples are, with error bars",
    load: async () => (await import("./commands/eval.ts")).evalCommand(),
  },
  compare: {
    about: "compare trainings that differ in a setting, or samplers of one trained network",
    load: async () => (await import("./commands/compare.ts")).compareCommand(),
  },
  edit: {
    about: "draw pictures that keep the outlines of given ones (SDEdit, img2img)",
    load: async () => (await import("./commands/edit/edit.ts")).editCommand(),
  },
  inpaint: {
    about: "redraw a part of given images to match the rest (RePaint)",
    load: async () => (await import("./commands/edit/inpaint.ts")).inpaintCommand(),
  },
  encode: {
    about: "find the noise that given pictures come from (DDIM inversion), and draw them from it again",
    load: async () => (await import("./commands/edit/encode.ts")).encodeCommand(),
  },
  interpolate: {
    about: "interpolate between pictures in noise space",
    load: async () => (await import("./commands/edit/interpolate.ts")).interpolateCommand(),
  },
  import: {
    about: "import weights of another project as a run",
    load: async () => (await import("./commands/import.ts")).importCommand(),
  },
  export: {
    about: "export a run's weights to another project's format, or its network to ONNX",
    load: async () => (await import("./commands/export.ts")).exportCommand(),
  },
  average: {
    about: "averaged weights (EMA) of another width, computed after the training (post-hoc EMA)",
    load: async () => (await import("./commands/average.ts")).averageCommand(),
  },
  show: {
    about: "pictures: schedules, noising, sampling, data; what a network costs",
    load: async () => (await import("./commands/show/index.ts")).showCommand(),
  },
  data: {
    about: "fetch published data sets; check a data set",
    load: async () => (await import("./commands/data/index.ts")).dataCommand(),
  },
  list: {
    about: "what there is: schedules, samplers, denoisers, metrics, presets, backends …",
    load: async () => (await import("./commands/list/index.ts")).listCommand(),
  },
  doctor: {
    about: "this machine: backends that work and why others do not, memory, threads, a short speed test",
    load: async () => (await import("./commands/doctor/index.ts")).doctorCommand(),
  },
  completion: {
    about: "a script that completes verbs, options and names in your shell",
    load: async () =>
      (await import("./commands/completion/index.ts")).completionCommand(() => programOf(Object.keys(verbs))),
  },
};

/**
 * Does what `ddpm` does when it is started with these words.
 *
 * @returns the exit status
 */
export async function runProgram(words: readonly string[]): Promise<number> {
  const asked = words.find((word) => Object.hasOwn(verbs, word));
  const json = words.includes("--json");
  const [first, second] = words.filter((word) => !word.startsWith("-"));
  let group: Command | undefined;
  try {
    const program = await programOf(asked === undefined ? [] : [asked]);
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

/** The command; of verbs that are not loaded it has the names and descriptions. */
async function programOf(loaded: readonly string[]): Promise<Command> {
  const program: Command = new Command("ddpm")
    .optionsGroup(OptionGroup.all)
    .version(version, "-V, --version", "the version of the command")
    .description("Train denoising diffusion models, and sample from them.")
    .addOption(new Option("--json", "one JSON object per line on standard output, nothing else there"))
    .helpOption("-h, --help", "this help")
    .helpCommand("help [command]", "the help of a command")
    .configureHelp({
      subcommandTerm: (command) => command.name(),
      visibleOptions(command) {
        const own = Help.prototype.visibleOptions.call(this, command);
        return command === program ? own : [...own, ...program.options];
      },
    })
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
  for (const [name, { about, load }] of Object.entries(verbs)) {
    const verb = loaded.includes(name) ? await load() : new Command(name);
    program.addCommand(inherit(verb.description(about)));
  }
  return program;
}

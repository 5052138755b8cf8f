import { Command, CommanderError, Option } from "commander";
import { doctorCommand } from "./commands/doctor.ts";
import { listCommand } from "./commands/list.ts";
import { sampleCommand } from "./commands/sample.ts";
import { showCommand } from "./commands/show/index.ts";
import { trainCommand } from "./commands/train.ts";
import { Exit } from "./output/exit.ts";
import { reportError } from "./output/report-error.ts";

const program = new Command("ddpm")
  .description("Train denoising diffusion models, and sample from them.")
  .addOption(new Option("--json", "one JSON object per line on standard output, nothing else there"))
  .configureHelp({ showGlobalOptions: true })
  .showHelpAfterError("`--help` shows what there is.")
  .showSuggestionAfterError()
  .exitOverride()
  .configureOutput({ writeErr: () => {} });

for (const command of [trainCommand, sampleCommand, showCommand, listCommand, doctorCommand]) {
  program.addCommand(inherit(command()));
}

/** Help, errors and exits of a verb, and of the verbs inside it, are the program's. */
function inherit(command: Command): Command {
  for (const inner of command.commands) inherit(inner);
  return command.copyInheritedSettings(program);
}

const json = process.argv.includes("--json");
try {
  if (process.argv.length === 2) program.outputHelp();
  else await program.parseAsync();
} catch (error) {
  const helped = error instanceof CommanderError && error.exitCode === 0;
  process.exitCode = helped ? Exit.done : reportError(error, json);
}
// Dawn and worker threads would keep the process alive.
process.exit();

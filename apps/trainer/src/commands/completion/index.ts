import { Argument, Command } from "commander";
import { fishCompletion } from "./fish.ts";
import { bashCompletion, zshCompletion } from "./posix.ts";
import { powershellCompletion } from "./powershell.ts";
import { type Completed, completionTable } from "./table.ts";

const scripts: Readonly<Record<string, (table: readonly Completed[]) => string>> = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
  powershell: powershellCompletion,
};

const EXAMPLES = `
Examples:
  source <(ddpm completion bash)            in ~/.bashrc
  source <(ddpm completion zsh)             in ~/.zshrc, after compinit
  ddpm completion fish > ~/.config/fish/completions/ddpm.fish
  ddpm completion powershell | Out-String | Invoke-Expression    in $PROFILE`;

/**
 * `ddpm completion`: a script with which a shell completes verbs, options and names.
 *
 * @param whole the command with all its verbs
 */
export function completionCommand(whole: () => Promise<Command>): Command {
  const shells = Object.keys(scripts);
  return new Command("completion")
    .addArgument(new Argument("<shell>", "which shell").choices(shells))
    .addHelpText("after", EXAMPLES)
    .action(async (shell: string) => {
      process.stdout.write(scripts[shell]!(completionTable(await whole(), shells)));
    });
}

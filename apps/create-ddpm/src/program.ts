import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { ask, chosen } from "./choose.ts";
import { createProject, Refusal } from "./create-project.ts";
import { nextSteps, packageManager } from "./next-steps.ts";
import { templates } from "./templates.ts";

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

const HELP = `Usage: npm create ddpm [folder] -- [--template NAME]

Begins a project with @ddpm. In a terminal it asks for what is missing.

Templates:
${templates.map(({ name, about }) => `  ${name.padEnd(8)} ${about}`).join("\n")}

Options:
  -t, --template NAME   which one
  -h, --help            this text
  -V, --version         the version, which is that of the packages in the project

Examples:
  npm create ddpm
  npm create ddpm my-page -- --template page
  pnpm create ddpm my-sampler --template plugin`;

/** What a call came to: its exit status, and what people read. */
export interface Outcome {
  readonly status: 0 | 2;
  readonly text: string;
}

/** Does what `npm create ddpm` does with these words; a mistake of the user ends with status 2 and one line. */
export async function runCreate(words: readonly string[]): Promise<Outcome> {
  try {
    return { status: 0, text: await made(words) };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { status: 2, text: `create-ddpm: ${error.message}` };
  }
}

async function made(words: readonly string[]): Promise<string> {
  const { version } = JSON.parse(readFileSync(at("../package.json"), "utf8")) as { readonly version: string };
  const { values, positionals } = given(words);
  if (values.help) return HELP;
  if (values.version) return version;
  const [folder, ...more] = positionals;
  if (more.length > 0) throw new Refusal(`one folder, given ${positionals.join(" ")}`);
  const wanted = { folder, template: values.template };
  const choice = process.stdin.isTTY && process.stdout.isTTY ? await ask(wanted) : chosen(wanted);
  if (!choice) return "";
  createProject(at("../templates"), choice.template, choice.folder, version);
  const steps = nextSteps(choice, packageManager());
  return `\nMade ${choice.folder}. Next:\n\n${steps.map((line) => `  ${line}`).join("\n")}\n`;
}

interface Words {
  readonly values: { readonly template?: string; readonly help?: boolean; readonly version?: boolean };
  readonly positionals: readonly string[];
}

/** @throws Refusal for an unknown option */
function given(words: readonly string[]): Words {
  try {
    return parseArgs({
      args: [...words],
      allowPositionals: true,
      options: {
        template: { type: "string", short: "t" },
        help: { type: "boolean", short: "h" },
        version: { type: "boolean", short: "V" },
      },
    });
  } catch (error) {
    throw new Refusal(`${(error as Error).message.split(". ")[0]}; --help shows what there is`);
  }
}

import { delimiter, dirname, sep } from "node:path";

/** How the command was started: what people type before the verb to start it again. */
export function startedAs(
  program: string = process.argv[1] ?? "",
  env: Readonly<Record<string, string | undefined>> = process.env,
): string {
  const parts = program.split(/[\\/]/);
  // Fetched for this call alone: nothing of it is installed where people are.
  if (parts.includes("_npx")) return "npx @ddpm/cli";
  if (parts.includes("dlx") || parts.some((part) => part.startsWith("dlx-"))) return "pnpm dlx @ddpm/cli";
  if (parts.some((part) => part.startsWith("bunx-"))) return "bunx @ddpm/cli";
  // A shell that found it by its name; npm and others put folders of a project onto the path as well.
  const folders = (env.PATH ?? "").split(delimiter);
  const global = folders.includes(dirname(program)) && !program.includes(`${sep}node_modules${sep}.bin`);
  return global && env.npm_command === undefined ? "ddpm" : "npx ddpm";
}

const VERBS =
  "train|sample|eval|compare|edit|inpaint|encode|interpolate|import|export|average|show|data|list|doctor|completion";
const COMMAND = new RegExp(`(?<!npx |dlx |bunx |/|\\w)ddpm (?=(?:${VERBS})\\b)`, "g");
const RUNTIME = /npm install (?=onnxruntime-)/g;

/** A text in which every command is one that starts the program here. */
export function asStarted(text: string, started: string = startedAs()): string {
  const named = text.replace(COMMAND, `${started} `);
  return started.endsWith("@ddpm/cli") ? named.replace(RUNTIME, "npm install @ddpm/cli ") : named;
}

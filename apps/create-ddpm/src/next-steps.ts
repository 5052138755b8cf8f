import { relative } from "node:path";
import type { Choice } from "./choose.ts";

const MANAGERS = ["npm", "pnpm", "yarn", "bun"];

/** The package manager that started this program, by what it sets in the environment; npm where none did. */
export function packageManager(agent: string = process.env.npm_config_user_agent ?? ""): string {
  const name = agent.split("/")[0]!;
  return MANAGERS.includes(name) ? name : "npm";
}

/** The commands that make a new project run, a line each. */
export function nextSteps({ folder, template }: Choice, manager: string): string[] {
  const path = relative(process.cwd(), folder);
  return [
    ...(path === "" ? [] : [`cd ${path.includes(" ") ? JSON.stringify(path) : path}`]),
    `${manager} install`,
    ...template.scripts.map((script) =>
      script === "build" ? `${manager} run build` : started(manager, script),
    ),
  ];
}

/** npm runs some scripts by their name alone. */
function started(manager: string, script: string): string {
  const short = manager !== "npm" || script === "start" || script === "test";
  return short && manager !== "bun" ? `${manager} ${script}` : `${manager} run ${script}`;
}

import { cancel, select, text } from "@clack/prompts";
import { Refusal, refusalOf } from "./create-project.ts";
import { type Template, templates } from "./templates.ts";

/** What was asked for so far. */
export interface Given {
  readonly folder?: string | undefined;
  readonly template?: string | undefined;
}

/** Where a project is made, and from what. */
export interface Choice {
  readonly folder: string;
  readonly template: Template;
}

/** What to make without asking anybody. @throws Refusal for an unknown template, or where one is missing */
export function chosen({ folder, template }: Given): Choice {
  const names = templates.map(({ name }) => name).join(", ");
  if (template === undefined) throw new Refusal(`--template is missing: one of ${names}`);
  const found = templates.find(({ name }) => name === template);
  if (!found) throw new Refusal(`unknown template "${template}": expected one of ${names}`);
  return { folder: folder ?? `ddpm-${template}`, template: found };
}

/** Asks in a terminal for what is missing. @returns undefined where the user leaves */
export async function ask(given: Given): Promise<Choice | undefined> {
  const template = given.template ?? (await askTemplate());
  if (template === undefined) return undefined;
  const wanted = chosen({ ...given, template });
  const folder = given.folder ?? (await askFolder(wanted.folder));
  return folder === undefined ? undefined : { ...wanted, folder };
}

async function askTemplate(): Promise<string | undefined> {
  const answer = await select({
    message: "What do you want to make?",
    options: templates.map(({ name, about }) => ({ value: name, label: name, hint: about })),
  });
  return answered(answer);
}

async function askFolder(usual: string): Promise<string | undefined> {
  const answer = await text({
    message: "In which folder?",
    placeholder: usual,
    defaultValue: usual,
    validate: (folder) => refusalOf(folder || usual),
  });
  return answered(answer);
}

function answered(answer: string | symbol): string | undefined {
  if (typeof answer === "string") return answer;
  cancel("Nothing was written.");
  return undefined;
}

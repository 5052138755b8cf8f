import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import type { Template } from "./templates.ts";

/** Files that npm would rename or leave out of a package have another name in it. */
const RENAMED: Readonly<Record<string, string>> = {
  _gitignore: ".gitignore",
  _npmrc: ".npmrc",
  _github: ".github",
};

/** A mistake of the user, in one line. */
export class Refusal extends Error {}

/** The reason why no project can be made in a folder; undefined where it can. */
export function refusalOf(folder: string): string | undefined {
  if (folder.trim() === "") return "a folder has a name, nothing given";
  if (!existsSync(folder)) return undefined;
  const inside = readdirSync(folder).filter((name) => name !== ".git");
  return inside.length === 0
    ? undefined
    : `${folder} has files in it (${inside.slice(0, 3).join(", ")}); give a new or an empty folder`;
}

/**
 * Writes a template into a folder, with the folder's name as the package's.
 *
 * @param from    folder that holds the templates
 * @param version of the packages that the project gets
 * @throws Refusal where the folder has files in it
 */
export function createProject(from: string, template: Template, folder: string, version: string): void {
  const reason = refusalOf(folder);
  if (reason !== undefined) throw new Refusal(reason);
  mkdirSync(folder, { recursive: true });
  cpSync(join(from, template.name), folder, { recursive: true });
  for (const [packed, name] of Object.entries(RENAMED)) {
    if (existsSync(join(folder, packed))) renameSync(join(folder, packed), join(folder, name));
  }
  const values = { NAME: packageName(folder), VERSION: version };
  for (const path of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    if (!/\.(json|md|html)$/.test(path)) continue;
    const text = readFileSync(join(folder, path), "utf8");
    writeFileSync(join(folder, path), filled(text, values));
  }
}

/** A name that npm takes, from that of a folder; in a folder with a scope, `@scope/name`. */
export function packageName(folder: string): string {
  const plain = (name: string): string =>
    name
      .toLowerCase()
      .replaceAll(/[^a-z0-9._-]+/g, "-")
      .replaceAll(/^[._-]+|-+$/g, "");
  const path = resolve(folder);
  const scope = basename(dirname(path));
  const name = plain(basename(path)) || "ddpm-project";
  return scope.startsWith("@") && folder.includes("@") ? `@${plain(scope.slice(1))}/${name}` : name;
}

function filled(text: string, values: Readonly<Record<string, string>>): string {
  return Object.entries(values).reduce((all, [key, value]) => all.replaceAll(`__${key}__`, value), text);
}

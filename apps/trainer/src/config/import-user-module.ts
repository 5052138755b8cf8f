import { register } from "node:module";
import { pathToFileURL } from "node:url";

let resolving = false;
let typescript = false;

/**
 * Imports a module that a user wrote, in JavaScript or TypeScript; where nothing is installed next to it, it shares the
 * packages of the command.
 *
 * @param module a path, or the name of an installed package
 */
export async function importUserModule(module: string): Promise<Readonly<Record<string, unknown>>> {
  if (!resolving) register("#user-modules", import.meta.url);
  resolving = true;
  if (!typescript && /\.[cm]?tsx?$/.test(module)) {
    (await import("tsx/esm/api")).register();
    typescript = true;
  }
  const path = module.startsWith("/") || /^[a-z]:[\\/]/i.test(module);
  return import(path ? pathToFileURL(module).href : module);
}

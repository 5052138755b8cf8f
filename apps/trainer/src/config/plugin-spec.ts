import { resolve } from "node:path";
import { fail } from "@ddpm/core";
import type { AnySpec } from "./user-plugins.ts";

/**
 * A plugin as written on the command line: `ddim`, `ddim:eta=1,other=true`, or a file, `./mine.js:steps=500`. Values are JSON where they parse as
 * JSON, else text.
 *
 * @throws DdpmError when an option has no `=`
 */
export function pluginSpec(text: string): AnySpec {
  const colon = text.search(/:(?![\\/])/);
  const name = colon < 0 ? text : text.slice(0, colon);
  const named = isFile(name) ? { module: resolve(name) } : { name };
  if (colon < 0) return isFile(name) ? (named as AnySpec) : name;
  const options = text
    .slice(colon + 1)
    .split(",")
    .map((assignment) => {
      const equals = assignment.indexOf("=");
      if (equals < 1) fail("config", `"${text}": expected name:option=value.`, "For example ddim:eta=1.");
      return [assignment.slice(0, equals), jsonOrText(assignment.slice(equals + 1))] as const;
    });
  return { ...Object.fromEntries(options), ...named } as AnySpec;
}

/** Whether this is the path of a module rather than a name. */
function isFile(name: string): boolean {
  return /^(\.{0,2}[\\/]|[a-zA-Z]:[\\/])|\.[cm]?[jt]s$/.test(name);
}

/** JSON where it parses as JSON, else text. */
export function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

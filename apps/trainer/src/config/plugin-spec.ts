import { resolve } from "node:path";
import { fail } from "@ddpm/core";
import { type AnySpec, jsonOrText } from "@ddpm/runs/authoring";

/**
 * A plugin as written on the command line: `ddim`, `ddim:eta=1,other=[1,2]`, or a file, `./mine.js:steps=500`. Values are
 * JSON where they parse as JSON, else text.
 *
 * @throws DdpmError when an option has no `=`
 */
export function pluginSpec(text: string): AnySpec {
  const colon = text.search(/:(?![\\/])/);
  const name = colon < 0 ? text : text.slice(0, colon);
  const named = isFile(name) ? { module: resolve(name) } : { name };
  if (colon < 0) return isFile(name) ? (named as AnySpec) : name;
  const options = pieces(text.slice(colon + 1)).map((one) =>
    assignment(one, `"${text}": expected name:option=value.`, "For example ddim:eta=1."),
  );
  return { ...Object.fromEntries(options), ...named } as AnySpec;
}

function assignment(text: string, what: string, hint: string): readonly [name: string, value: unknown] {
  const equals = text.indexOf("=");
  if (equals < 1) fail("cli/plugin-spec", what, hint);
  return [text.slice(0, equals).trim(), jsonOrText(text.slice(equals + 1))];
}

/** A list at its commas, but for those in brackets, braces and quotes. */
function pieces(text: string): string[] {
  const found = [""];
  let depth = 0;
  let quoted = false;
  for (const letter of text) {
    if (letter === '"') quoted = !quoted;
    else if (!quoted && "[{".includes(letter)) depth++;
    else if (!quoted && "]}".includes(letter)) depth--;
    if (letter === "," && depth <= 0 && !quoted) found.push("");
    else found[found.length - 1] += letter;
  }
  return found;
}

/** Whether this is the path of a module rather than a name. */
function isFile(name: string): boolean {
  return /^(\.{0,2}[\\/]|[a-zA-Z]:[\\/])|\.[cm]?[jt]s$/.test(name);
}

import { fail, type Spec } from "@ddpm/core";

/**
 * A plugin as written on the command line: `ddim`, or `ddim:eta=1,other=true`. Values are JSON where they parse as
 * JSON, else text.
 *
 * @throws DdpmError when an option has no `=`
 */
export function pluginSpec(text: string): Spec {
  const colon = text.indexOf(":");
  if (colon < 0) return text;
  const options = text
    .slice(colon + 1)
    .split(",")
    .map((assignment) => {
      const equals = assignment.indexOf("=");
      if (equals < 1) fail("config", `"${text}": expected name:option=value.`, "For example ddim:eta=1.");
      return [assignment.slice(0, equals), jsonOrText(assignment.slice(equals + 1))] as const;
    });
  return { name: text.slice(0, colon), ...Object.fromEntries(options) };
}

/** JSON where it parses as JSON, else text. */
export function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

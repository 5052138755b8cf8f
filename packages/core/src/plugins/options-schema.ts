import { type ErrorPlace, fail } from "../errors/errors.ts";
import type { Json } from "./json.ts";
import { checkedBy, jsonOf, type OptionIssue, type OptionShape } from "./option-type.ts";
import { refusalOf } from "./refusal.ts";

/** The options of a plugin: their types, and all of them checked at once. */
export interface OptionsSchema {
  /** The type of each option. */
  readonly shape: OptionShape;
  /** JSON Schema of an object with these options. */
  json(): Json;
  /**
   * Options checked, with defaults filled in.
   *
   * @throws DdpmError for an unknown option (with the nearest name), one that is missing (with its meaning), or a value out
   *   of range
   */
  parse(given: unknown): Record<string, unknown>;
}

/** The schema of some options; errors name the plugin. */
export function optionsSchema(where: ErrorPlace, shape: OptionShape): OptionsSchema {
  const json = (): Json => ({
    type: "object",
    properties: Object.fromEntries(Object.entries(shape).map(([name, type]) => [name, jsonOf(type)])),
  });
  return {
    shape,
    json,
    parse(given) {
      const values: Record<string, unknown> = {};
      const issues = isObject(given) ? check(shape, given, values) : [{ message: "an object expected" }];
      if (issues.length === 0) return values;
      const { what, hint } = refusalOf(json(), given, issues, { noun: "option" });
      return fail(where, what, hint);
    },
  };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Writes the checked values. @returns what is wrong */
function check(
  shape: OptionShape,
  given: Readonly<Record<string, unknown>>,
  values: Record<string, unknown>,
): OptionIssue[] {
  const issues: OptionIssue[] = [];
  for (const [name, type] of Object.entries(shape)) {
    const present = Object.hasOwn(given, name);
    const result = checkedBy(type, present ? given[name] : undefined);
    if (result.issues) {
      issues.push(...result.issues.map((issue) => ({ ...issue, path: [name, ...(issue.path ?? [])] })));
    } else if (present || result.value !== undefined) values[name] = result.value;
  }
  const keys = Object.keys(given).filter((name) => !Object.hasOwn(shape, name));
  if (keys.length > 0) issues.push({ message: "unknown option", code: "unrecognized_keys", keys });
  return issues;
}

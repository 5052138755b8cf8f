import { fail } from "@ddpm/core";
import { jsonOrText } from "./plugin-spec.ts";

type Json = { [key: string]: unknown };

/**
 * Applies `--set a.b=value` to a description. The value is JSON where it parses as JSON, else text; setting
 * an option of a plugin that was given by name alone turns the name into `{ name }` first, and setting the
 * plugin itself to another name drops the old one's options.
 *
 * @throws DdpmError when there is no `=`, or a path leads through a number or a list
 */
export function applySetting(description: object, assignment: string): object {
  const equals = assignment.indexOf("=");
  if (equals < 1) {
    fail("config", `--set ${assignment}: expected key=value.`, "For example --set train.batch=64.");
  }
  const path = assignment.slice(0, equals).split(".");
  return setAt(description as Json, path, jsonOrText(assignment.slice(equals + 1)), assignment);
}

function setAt(target: Json, [key, ...rest]: readonly string[], value: unknown, assignment: string): Json {
  const old = target[key!];
  if (rest.length === 0) return { ...target, [key!]: value };
  const branch = typeof old === "string" ? { name: old } : (old ?? {});
  if (typeof branch !== "object" || Array.isArray(branch)) {
    fail("config", `--set ${assignment}: "${key}" has no settings of its own.`);
  }
  return { ...target, [key!]: setAt(branch as Json, rest, value, assignment) };
}

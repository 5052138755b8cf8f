import { fail } from "@ddpm/core";
import { jsonOrText } from "./json-or-text.ts";
import { asObject, isSection, over, type Section } from "./over.ts";
import { places } from "./places.ts";

/**
 * Applies `--set a.b=value` to a description. The value is JSON where it parses as JSON, else text. Setting an option of a
 * plugin that was given by name alone, or left out, keeps the rest of it; setting the plugin itself, or its `name`, to another one drops
 * the old one's options; a number in its place is its main option.
 *
 * @throws DdpmError when there is no `=`, or a path leads through a number or a list
 */
export function applySetting(description: object, assignment: string): object {
  const equals = assignment.indexOf("=");
  if (equals < 1) {
    fail("runs/set", `--set ${assignment}: expected key=value.`, "For example --set train.batch=64.");
  }
  if (/^['"]/.test(assignment)) {
    fail(
      "runs/set",
      `--set ${assignment}: the quotes reached the command.`,
      "cmd.exe takes away \" only, not '.",
    );
  }
  const path = assignment.slice(0, equals).trim().split(".");
  const value = jsonOrText(assignment.slice(equals + 1));
  return setAt(description as Section, path, value, { assignment, at: "" });
}

interface Setting {
  readonly assignment: string;
  /** Path of the target in the description of one stage. */
  readonly at: string;
}

function setAt(
  target: Section,
  [key = "", ...rest]: readonly string[],
  value: unknown,
  setting: Setting,
): Section {
  const { assignment, at } = setting;
  if (rest.length === 0) {
    // An object replaces what is there: a change of one option names it.
    return isSection(value) ? { ...target, [key]: value } : over(target, { [key]: value }, at);
  }
  const path = inner(at, key);
  const place = places[path];
  // Another name is another plugin, also where the name alone is set.
  if (place && rest.join() === "name") return over(target, { [key]: { name: value } }, at);
  const old = target[key];
  const branch = (place ? asObject(old === undefined || old === null ? {} : place, old) : old) ?? {};
  if (!isSection(branch)) fail("runs/set", `--set ${assignment}: "${key}" has no settings of its own.`);
  return { ...target, [key]: setAt(branch, rest, value, { assignment, at: path }) };
}

/** The path one step deeper; a stage's own settings begin again. */
function inner(at: string, key: string): string {
  if (at === "stages") return "";
  return at === "" ? key : `${at}.${key}`;
}

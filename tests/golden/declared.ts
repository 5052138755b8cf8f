import { unsupported } from "./result.ts";

/** What a golden case declares about itself. */
export type Declared = Readonly<Record<string, unknown>>;

/** The entry of a table under a name that a case declares; undefined where the table has none of its own. */
export function memberOf<Value>(table: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

/**
 * Translates a reference's option names to ours; a name that is not in `names` makes the case unsupported.
 *
 * @param names reference's name → ours, or null where the option has no effect on what is compared
 */
export function translate(options: Declared, names: Readonly<Record<string, string | null>>): Declared {
  const translated: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(options ?? {})) {
    const ours = memberOf(names, name);
    if (ours === undefined) unsupported(`the option ${name} has no counterpart`);
    if (ours !== null) translated[ours] = value;
  }
  return translated;
}

/** An option that must be a number where it is there. */
export function numberOf(options: Declared, name: string, otherwise: number): number {
  const value = options[name] ?? otherwise;
  return typeof value === "number" ? value : unsupported(`the option ${name} is ${JSON.stringify(value)}`);
}

/** The choice that an option makes; a value that is not among them makes the case unsupported. */
export function choiceOf<Value>(
  options: Declared,
  name: string,
  choices: Readonly<Record<string, Value>>,
  otherwise?: string,
): Value {
  const value = options[name] ?? otherwise;
  return memberOf(choices, String(value)) ?? unsupported(`${name} ${String(value)} has no counterpart`);
}

/** Options over a reference's defaults; one that the defaults do not list makes the case unsupported. */
export function withDefaults(given: Declared | undefined, defaults: Declared, where: string): Declared {
  const unknown = Object.keys(given ?? {}).find((name) => !Object.hasOwn(defaults, name));
  if (unknown) unsupported(`the option ${unknown} of ${where} has no counterpart`);
  return { ...defaults, ...given };
}

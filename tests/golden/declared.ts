import { unsupported } from "./result.ts";

/** What a golden case declares about itself. */
export type Declared = Readonly<Record<string, unknown>>;

/**
 * Translates a reference's option names to ours; a name that is not in `names` makes the case unsupported.
 *
 * @param names reference's name → ours, or null where the option has no effect on what is compared
 */
export function translate(options: Declared, names: Readonly<Record<string, string | null>>): Declared {
  const translated: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(options)) {
    const ours = names[name];
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

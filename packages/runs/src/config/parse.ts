import { fail } from "@ddpm/core";
import { refusalOf } from "@ddpm/core/authoring";
import { jsonSchemaOf } from "./json-schema-of.ts";
import { isSection, named } from "./over.ts";
import { type RunConfig, runSchema } from "./schema.ts";

/**
 * Checks a run's description and fills in the defaults.
 *
 * @param origin where it comes from: a file, a preset, the command line
 * @throws DdpmError naming the setting, what was given and what was expected
 */
export function parseRun(value: unknown, origin: string): RunConfig {
  const given = isSection(value) ? named(value) : value;
  const parsed = runSchema.safeParse(given);
  if (parsed.success) return parsed.data;
  const { what, hint } = refusalOf(jsonSchemaOf(runSchema), given, parsed.error.issues, { noun: "setting" });
  return fail("runs/parse", `${origin}: ${what}`, hint);
}

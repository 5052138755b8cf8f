import { fail, nearest } from "@ddpm/core";
import type { z } from "zod";
import { type RunConfig, runSchema } from "./schema.ts";

/**
 * Checks a run's description and fills in the defaults.
 *
 * @param origin where it comes from: a file, a preset, the command line
 * @throws DdpmError naming the setting, what was given and what was expected
 */
export function parseRun(value: unknown, origin: string): RunConfig {
  const parsed = runSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  return refuse(parsed.error, value, origin);
}

function refuse(error: z.ZodError, value: unknown, origin: string): never {
  const issue = error.issues[0]!;
  const path = issue.path.join(".");
  if (issue.code === "unrecognized_keys") {
    const unknown = issue.keys[0]!;
    const setting = [...issue.path, unknown].join(".");
    fail(
      "config",
      `${origin}: unknown setting "${setting}".`,
      nearest(unknown, settingsAt(issue.path, value)),
    );
  }
  fail("config", `${origin}: setting "${path}": ${issue.message}.`);
}

/** The settings that exist at a path, by the defaults of a complete run. */
function settingsAt(path: readonly PropertyKey[], value: unknown): readonly string[] {
  const shape = (runSchema as unknown as z.ZodObject).shape;
  const section = path.length === 0 ? shape : sectionShape(shape[String(path[0])]);
  return section ? Object.keys(section) : Object.keys(value as object);
}

function sectionShape(type: unknown): Record<string, unknown> | undefined {
  const { shape, def } = type as { shape?: Record<string, unknown>; def?: { innerType?: unknown } };
  return shape ?? (def?.innerType ? sectionShape(def.innerType) : undefined);
}

import { existsSync } from "node:fs";
import { join } from "node:path";
import { fail } from "@ddpm/core";
import * as z from "zod";
import { readSettings } from "../config/json-text.ts";

/** What `imported.json` of a run holds: where its weights came from, so that they are exported unchanged. */
export interface Origin {
  readonly family: string;
  /** Texts of the reference's own configuration files, by name. */
  readonly files: Readonly<Record<string, string>>;
}

const schema = z.strictObject({ family: z.string(), files: z.record(z.string(), z.string()) });

/** The file in a run's folder. */
export function originFile(run: string): string {
  return join(run, "imported.json");
}

/** What a run was imported from; none where it was trained here. */
export async function readOrigin(run: string): Promise<Origin | undefined> {
  const file = originFile(run);
  if (!existsSync(file)) return undefined;
  const parsed = schema.safeParse(await readSettings(file, "cli/origin"));
  return parsed.success
    ? parsed.data
    : fail("cli/origin", `${file} is damaged: ${parsed.error.issues[0]!.message}.`);
}

import { fail } from "@ddpm/core";
import { refusalOf } from "@ddpm/core/authoring";
import * as z from "zod";
import { jsonSchemaOf } from "./json-schema-of.ts";
import type { RunConfig } from "./schema.ts";

const side = z.int().min(1);

/** Settings of `data` that are the stream's, whatever the images are. */
const settings = z.object({
  flip: z.boolean().optional().describe("mirror every other image; default: where that keeps the meaning"),
  range: z.enum(["symmetric", "unit"]).describe("symmetric: [-1, 1]; unit: [0, 1]"),
  crop: z
    .union([side, z.tuple([side, side])])
    .optional()
    .describe("side, or height and width, of a piece cut out anywhere"),
  augment: z.number().min(0).max(1).optional().describe("probability of each of EDM's augmentations"),
  prefetch: z.int().min(0).optional().describe("images decoded ahead"),
  workers: z
    .int()
    .min(0)
    .max(64)
    .optional()
    .describe("threads that decode and augment; 0: none; default: one less than cores, up to 4"),
});

/** See {@link streamSettings}. */
export type StreamSettings = z.output<typeof settings>;

/**
 * Parts the settings of `data` into those of the stream and those of the set or the format.
 *
 * @throws DdpmError naming a setting of the stream that is out of range
 */
export function streamSettings(data: RunConfig["data"]): {
  readonly stream: StreamSettings;
  readonly rest: Readonly<Record<string, unknown>>;
} {
  const parsed = settings.safeParse(data);
  if (!parsed.success) {
    const { what, hint } = refusalOf(jsonSchemaOf(settings), data, parsed.error.issues, {
      noun: "setting",
      at: "data",
    });
    return fail("runs/stream-settings", what, hint);
  }
  const own = new Set([...Object.keys(settings.shape), "source", "format"]);
  const rest = Object.fromEntries(Object.entries(data).filter(([name]) => !own.has(name)));
  return { stream: parsed.data, rest };
}

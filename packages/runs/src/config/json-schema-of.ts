import type { Json } from "@ddpm/core/authoring";
import * as z from "zod";

/** A type of zod as JSON Schema, as users give its values. */
export function jsonSchemaOf(type: z.ZodType): Json {
  return z.toJSONSchema(type, { io: "input", unrepresentable: "any" }) as Json;
}

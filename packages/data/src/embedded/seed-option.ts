import * as z from "zod";

/** The seed of a set that is drawn: any whole number that is exact. */
export function seedOption(drawn: string): z.ZodDefault<z.ZodNumber> {
  return z
    .number()
    .int()
    .min(0)
    .max(Number.MAX_SAFE_INTEGER)
    .default(0)
    .describe(`what the ${drawn} come from`);
}

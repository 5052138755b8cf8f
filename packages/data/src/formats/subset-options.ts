import * as z from "zod";
import type { ClassSubset } from "../labels/class-subset.ts";

/** The options of {@link ClassSubset} for the schema of a format with labels. */
export const subsetOptions: {
  readonly classes: z.ZodOptional<z.ZodReadonly<z.ZodArray<z.ZodUnion<readonly [z.ZodString, z.ZodNumber]>>>>;
  readonly relabel: z.ZodDefault<z.ZodBoolean>;
} = {
  classes: z
    .array(z.union([z.string().min(1), z.number().int().min(0)]))
    .min(1)
    .readonly()
    .optional()
    .describe("classes to keep, by name or number"),
  relabel: z.boolean().default(false).describe("number the kept classes again, from 0"),
};

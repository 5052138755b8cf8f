import * as z from "zod";

/** The schema of widths, counts and sizes: whole numbers from 1. */
export const positiveInteger: z.ZodNumber = z.number().int().positive();

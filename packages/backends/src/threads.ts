import * as z from "zod";

/** Threads of a backend with native kernels, 1 or more. */
export const threads: z.ZodOptional<z.ZodInt> = z
  .int()
  .min(1)
  .optional()
  .describe("threads; default: the processors that the process may use");

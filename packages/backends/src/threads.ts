import { option } from "@ddpm/core";
import type { Option } from "@ddpm/core/authoring";

/** Threads of a backend with native kernels, 1 or more. */
export const threads: Option<number | undefined> = option
  .number()
  .int()
  .min(1)
  .optional()
  .describe("threads; default: the processors that the process may use");

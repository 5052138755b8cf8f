import { unet2d } from "@ddpm/unet";
import type * as z from "zod";
import { referenceOptions, snakeCased } from "../../network/reference-options.ts";

type Values = Readonly<Record<string, unknown>>;

/** The fields of a `config.json`: the options of our network under Python's names. */
export const fields: Readonly<Record<string, z.ZodType>> = referenceOptions(unet2d, {
  ours: ["channels", "selfCondition"],
});

/** The defaults of the fields; those without are left out. */
export function defaultFields(): Values {
  return snakeCased(unet2d.schema.parse({}) as Values);
}

import { type Registry, registry } from "@ddpm/core";
import { annotatedFamily } from "./import/annotated.ts";
import { diffusersFamily } from "./import/diffusers.ts";
import type { Translated } from "./import/foreign.ts";
import { labmlFamily } from "./import/labml.ts";
import { openaiFamily } from "./import/openai.ts";

/** Every family of reference code whose networks and weights can be read and written. */
export const families: Registry<Translated> = registry("family", [
  annotatedFamily,
  labmlFamily,
  openaiFamily,
  diffusersFamily,
]);

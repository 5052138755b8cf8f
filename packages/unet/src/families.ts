import { type Registry, registry } from "@ddpm/core";
import { annotatedFamily } from "./import/annotated.ts";
import { annotatedLaterFamily } from "./import/annotated-later.ts";
import { dataflowrFamily } from "./import/dataflowr.ts";
import { diffusersFamily } from "./import/diffusers.ts";
import { ditFamily } from "./import/dit.ts";
import { edmFamily } from "./import/edm.ts";
import type { Translated } from "./import/foreign.ts";
import { labmlFamily } from "./import/labml.ts";
import { lucidrainsFamily } from "./import/lucidrains.ts";
import { nanoFamily } from "./import/nano.ts";
import { openaiFamily } from "./import/openai.ts";

/** Every family of reference code whose networks and weights can be read and written. */
export const families: Registry<Translated> = registry("family", [
  annotatedFamily,
  annotatedLaterFamily,
  dataflowrFamily,
  nanoFamily,
  labmlFamily,
  openaiFamily,
  diffusersFamily,
  lucidrainsFamily,
  edmFamily,
  ditFamily,
]);

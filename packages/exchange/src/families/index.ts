import { type Families, familyRegistry } from "../family.ts";
import { annotated } from "./annotated.ts";
import { annotatedLater } from "./annotated-later.ts";
import { dataflowr } from "./dataflowr.ts";
import { dataflowrNano } from "./dataflowr-nano.ts";
import { diffusers } from "./diffusers/index.ts";
import { diffusers1d } from "./diffusers-1d.ts";
import { diffusersCondition } from "./diffusers-condition/index.ts";
import { dit } from "./dit.ts";
import { edm } from "./edm/index.ts";
import { labml } from "./labml.ts";
import { lucidrains } from "./lucidrains.ts";
import { lucidrains1d } from "./lucidrains-1d.ts";
import { openai } from "./openai.ts";
import { pointwise } from "./pointwise.ts";

/** Every family of reference code whose networks and weights can be read and written. */
export const families: Families = familyRegistry([
  annotated,
  annotatedLater,
  dataflowr,
  dataflowrNano,
  labml,
  openai,
  diffusers,
  diffusersCondition,
  lucidrains,
  edm,
  dit,
  lucidrains1d,
  diffusers1d,
  pointwise,
]);

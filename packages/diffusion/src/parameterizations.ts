import { type Parameterization, type Registry, registry } from "@ddpm/core";
import { edm } from "./parameterizations/edm.ts";
import { eps } from "./parameterizations/eps.ts";
import { flow } from "./parameterizations/flow.ts";
import { score } from "./parameterizations/score.ts";
import { v } from "./parameterizations/v.ts";
import { x0 } from "./parameterizations/x0.ts";
import { xprev } from "./parameterizations/xprev.ts";

/** Every built-in meaning of a network's output. */
export const parameterizations: Registry<Parameterization> = registry<Parameterization>("parameterization", [
  eps,
  x0,
  v,
  flow,
  edm,
  score,
  xprev,
]);

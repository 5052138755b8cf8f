import { type Parameterization, type Registry, registry } from "@ddpm/core";
import { edmParameterization } from "./edm.ts";
import { eps } from "./eps.ts";
import { flow } from "./flow.ts";
import { score } from "./score.ts";
import { v } from "./v.ts";
import { x0 } from "./x0.ts";
import { xprev } from "./xprev.ts";

/** Every built-in meaning of a network's output. */
export const parameterizations: Registry<Parameterization> = registry<Parameterization>(
  "diffusion/parameterizations",
  "parameterization",
  [eps, x0, v, flow, edmParameterization, score, xprev],
);

import { type Registry, registry, type Sampler } from "@ddpm/core";
import { ddim } from "./samplers/ddim.ts";
import { ddpm } from "./samplers/ddpm.ts";
import { dpmpp2m } from "./samplers/dpmpp-2m.ts";
import { heun } from "./samplers/heun.ts";

/** Every built-in sampler. */
export const samplers: Registry<Sampler> = registry<Sampler>("sampler", [ddpm, ddim, heun, dpmpp2m]);

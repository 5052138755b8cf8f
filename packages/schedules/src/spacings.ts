import { type Registry, registry, type Spacing } from "@ddpm/core";
import { betaSigmas } from "./spacings/beta.ts";
import { ddimStride } from "./spacings/ddim-stride.ts";
import { even } from "./spacings/even.ts";
import { exponentialSigmas } from "./spacings/exponential.ts";
import { karras } from "./spacings/karras.ts";
import { leading } from "./spacings/leading.ts";
import { linspace } from "./spacings/linspace.ts";
import { list } from "./spacings/list.ts";
import { quadraticSteps } from "./spacings/quadratic.ts";
import { sections } from "./spacings/sections.ts";
import { trailing } from "./spacings/trailing.ts";

/** Every built-in spacing of sampling times. */
export const spacings: Registry<Spacing> = registry<Spacing>("spacing", [
  trailing,
  leading,
  linspace,
  quadraticSteps,
  sections,
  ddimStride,
  even,
  karras,
  exponentialSigmas,
  betaSigmas,
  list,
]);

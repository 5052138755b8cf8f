import { type Registry, registry, type Spacing } from "@ddpm/core";
import { betaSpacing } from "./beta.ts";
import { ddimStride } from "./ddim-stride.ts";
import { even } from "./even.ts";
import { exponentialSpacing } from "./exponential.ts";
import { karras } from "./karras.ts";
import { leading } from "./leading.ts";
import { linspace } from "./linspace.ts";
import { list } from "./list.ts";
import { quadraticSpacing } from "./quadratic.ts";
import { sections } from "./sections.ts";
import { trailing } from "./trailing.ts";

/** Every built-in spacing of sampling times. */
export const spacings: Registry<Spacing> = registry<Spacing>("schedules/spacings", "spacing", [
  trailing,
  leading,
  linspace,
  quadraticSpacing,
  sections,
  ddimStride,
  even,
  karras,
  exponentialSpacing,
  betaSpacing,
  list,
]);

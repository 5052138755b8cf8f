import { type Registry, registry, type Spacing } from "@ddpm/core";
import { even } from "./spacings/even.ts";
import { karras } from "./spacings/karras.ts";
import { leading } from "./spacings/leading.ts";
import { linspace } from "./spacings/linspace.ts";
import { quadraticSteps } from "./spacings/quadratic.ts";
import { trailing } from "./spacings/trailing.ts";

/** Every built-in spacing of sampling times. */
export const spacings: Registry<Spacing> = registry<Spacing>("spacing", [
  trailing,
  leading,
  linspace,
  quadraticSteps,
  even,
  karras,
]);

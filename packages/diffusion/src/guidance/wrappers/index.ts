import { type DenoiseWrapper, type Registry, registry } from "@ddpm/core";
import { clip } from "./clip.ts";
import { dynamicThreshold } from "./dynamic-threshold.ts";

/** Every built-in change to guesses. */
export const wrappers: Registry<DenoiseWrapper> = registry<DenoiseWrapper>("diffusion/wrappers", "wrapper", [
  clip,
  dynamicThreshold,
]);

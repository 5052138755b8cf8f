import { type DenoiseWrapper, type Registry, registry } from "@ddpm/core";
import { clip } from "./wrappers/clip.ts";
import { dynamicThreshold } from "./wrappers/dynamic-threshold.ts";

/** Every built-in change to guesses. */
export const wrappers: Registry<DenoiseWrapper> = registry<DenoiseWrapper>("wrapper", [
  clip,
  dynamicThreshold,
]);

import { type Registry, registry } from "@ddpm/core";
import type { ImageCondition } from "../image-condition.ts";
import { inpainting } from "./inpainting.ts";
import { superResolution } from "./super-resolution.ts";

/** Every built-in way to make an image to go by. */
export const conditions: Registry<ImageCondition> = registry<ImageCondition>(
  "diffusion/conditions",
  "condition",
  [superResolution, inpainting],
);

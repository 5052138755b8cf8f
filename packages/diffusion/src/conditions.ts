import { type Registry, registry } from "@ddpm/core";
import { inpainting } from "./conditions/inpainting.ts";
import { superResolution } from "./conditions/super-resolution.ts";
import type { ImageCondition } from "./image-condition.ts";

/** Every built-in way to make an image to go by. */
export const conditions: Registry<ImageCondition> = registry<ImageCondition>("condition", [
  superResolution,
  inpainting,
]);

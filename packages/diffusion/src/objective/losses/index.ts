import { type Registry, registry } from "@ddpm/core";
import type { ElementLoss } from "./element-loss.ts";
import { huber } from "./huber.ts";
import { l1 } from "./l1.ts";
import { l2 } from "./l2.ts";
import { smoothL1 } from "./smooth-l1.ts";

/** Every built-in loss of one number. */
export const losses: Registry<ElementLoss> = registry<ElementLoss>("diffusion/losses", "loss", [
  l2,
  l1,
  huber,
  smoothL1,
]);

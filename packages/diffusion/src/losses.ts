import { type Registry, registry } from "@ddpm/core";
import type { ElementLoss } from "./element-loss.ts";
import { huber } from "./losses/huber.ts";
import { l1 } from "./losses/l1.ts";
import { l2 } from "./losses/l2.ts";
import { smoothL1 } from "./losses/smooth-l1.ts";

/** Every built-in loss of one number. */
export const losses: Registry<ElementLoss> = registry<ElementLoss>("loss", [l2, l1, huber, smoothL1]);

import { type LossWeight, type Registry, registry } from "@ddpm/core";
import { minSnr } from "./weights/min-snr.ts";
import { simple } from "./weights/simple.ts";
import { snr } from "./weights/snr.ts";

/** Every built-in weight of noise levels. */
export const weights: Registry<LossWeight> = registry<LossWeight>("weight", [simple, snr, minSnr]);

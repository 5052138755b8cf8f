import { type LossWeight, type Registry, registry } from "@ddpm/core";
import { edmWeight } from "./edm.ts";
import { minSnr } from "./min-snr.ts";
import { p2 } from "./p2.ts";
import { sigmoidWeight } from "./sigmoid.ts";
import { simple } from "./simple.ts";
import { snrWeight } from "./snr.ts";
import { softMinSnr } from "./soft-min-snr.ts";
import { truncatedSnr } from "./truncated-snr.ts";

/** Every built-in weight of noise levels. */
export const weights: Registry<LossWeight> = registry<LossWeight>("diffusion/weights", "weight", [
  simple,
  snrWeight,
  minSnr,
  softMinSnr,
  truncatedSnr,
  p2,
  edmWeight,
  sigmoidWeight,
]);

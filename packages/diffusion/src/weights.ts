import { type LossWeight, type Registry, registry } from "@ddpm/core";
import { edmWeight } from "./weights/edm.ts";
import { minSnr } from "./weights/min-snr.ts";
import { p2 } from "./weights/p2.ts";
import { sigmoidWeight } from "./weights/sigmoid.ts";
import { simple } from "./weights/simple.ts";
import { snr } from "./weights/snr.ts";
import { softMinSnr } from "./weights/soft-min-snr.ts";
import { truncatedSnr } from "./weights/truncated-snr.ts";

/** Every built-in weight of noise levels. */
export const weights: Registry<LossWeight> = registry<LossWeight>("weight", [
  simple,
  snr,
  minSnr,
  softMinSnr,
  truncatedSnr,
  p2,
  edmWeight,
  sigmoidWeight,
]);

import { type LossWeight, type Plugin, snr as snrOf } from "@ddpm/core";
import { plugin } from "../../plugin.ts";

/**
 * SNR = alpha² / sigma²: the error of the noise guess counts alike, whatever the network returns.
 *
 * Source: Salimans and Ho 2022, section 4, "SNR weighting".
 */
export const snrWeight: Plugin<Record<never, never>, LossWeight> = plugin({
  name: "snr",
  about:
    "The loss of the noise prediction with the same weight at every level, whatever the network returns.",
  source: "Salimans and Ho 2022, section 4",
  options: {},
  create: () => ({ name: "snr", at: (moment) => snrOf(moment) }),
});

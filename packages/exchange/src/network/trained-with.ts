import type { Spec } from "@ddpm/core";

type Arguments = Readonly<Record<string, unknown>>;

/** The schedule that weights were trained with where nothing names it: EDM's inside its preconditioning, else the DDPM paper's. */
export function usualSchedule(network: Arguments): Spec {
  return network.precond === "EDMPrecond" ? "edm" : "linear";
}

/**
 * What networks return that were trained on such noise, as in the papers of these schedules.
 *
 * @param schedule its name
 * @param network  arguments of the reference's network
 */
export function usualParameterization(schedule: string, { sigma_data }: Arguments): Spec {
  if (schedule === "edm" && typeof sigma_data === "number") return { name: "edm", sigmaData: sigma_data };
  return { edm: "edm", ve: "score", rectified: "flow" }[schedule] ?? "eps";
}

/** The usual steps on a schedule: of a chain, of noise without bound, and of other continuous time. */
export function usualSpacing({ name, steps }: { readonly name: string; readonly steps?: number }): Spec {
  if (steps) return "trailing";
  return name === "edm" || name === "ve" ? "karras" : "even";
}

import { schedules } from "@ddpm/schedules";
import { pluginSpec } from "../config/plugin-spec.ts";
import { type AnySpec, makerOf } from "../config/user-plugins.ts";

/** How a network was trained, as the command line says it. */
export interface GivenParts {
  readonly schedule?: string;
  readonly parameterization?: string;
  readonly spacing?: string;
}

/**
 * The parts of a run that foreign weights do not say: as given, else as their wrapper and the
 * noise imply, else as in the DDPM paper.
 *
 * @param network arguments of the reference's network
 * @throws DdpmError for a schedule that is unknown
 */
export async function givenParts(
  { schedule, parameterization, spacing }: GivenParts,
  network: Readonly<Record<string, unknown>>,
): Promise<object> {
  const edm = network.precond === "EDMPrecond";
  const noise = schedule === undefined ? (edm ? "edm" : "linear") : pluginSpec(schedule);
  const { name, steps } = (await makerOf(schedules, noise))();
  return {
    schedule: noise,
    parameterization: parameterization === undefined ? outputOf(name, network) : pluginSpec(parameterization),
    sample: {
      spacing: spacing === undefined ? (steps ? "trailing" : spacingOf(name)) : pluginSpec(spacing),
    },
  };
}

/** What networks return that are trained on such noise, as their papers have it. */
function outputOf(schedule: string, { sigma_data }: Readonly<Record<string, unknown>>): AnySpec {
  if (schedule === "edm" && typeof sigma_data === "number") return { name: "edm", sigmaData: sigma_data };
  return { edm: "edm", ve: "score", rectified: "flow" }[schedule] ?? "eps";
}

/** The usual steps of a schedule without steps: of noise without bound, and of other continuous time. */
function spacingOf(schedule: string): string {
  return schedule === "edm" || schedule === "ve" ? "karras" : "even";
}

import { usualParameterization, usualSchedule, usualSpacing } from "@ddpm/exchange/authoring";
import { schedules } from "@ddpm/schedules";
import { pluginSpec } from "../config/plugin-spec.ts";
import { makerOf } from "../config/user-plugins.ts";

/** How a network was trained, as the flags of the command line give it. */
export interface TrainedWithFlags {
  readonly schedule?: string;
  readonly parameterization?: string;
  readonly spacing?: string;
}

/**
 * The parts of a run that imported weights do not hold: as given, else as usual for the reference's network and the noise.
 *
 * @param network arguments of the reference's network
 * @throws DdpmError for a schedule that is unknown
 */
export async function trainedWith(
  flags: TrainedWithFlags,
  network: Readonly<Record<string, unknown>>,
): Promise<object> {
  const given = <Usual>(text: string | undefined, usual: () => Usual) =>
    text === undefined ? usual() : pluginSpec(text);
  const schedule = given(flags.schedule, () => usualSchedule(network));
  const noise = (await makerOf(schedules, schedule))();
  return {
    schedule,
    parameterization: given(flags.parameterization, () => usualParameterization(noise.name, network)),
    sample: { spacing: given(flags.spacing, () => usualSpacing(noise)) },
  };
}

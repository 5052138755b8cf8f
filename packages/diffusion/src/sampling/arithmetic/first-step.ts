import { fail, type Moment, momentAt, type NoiseSchedule, timeOfStep } from "@ddpm/core";
import type { ErrorPlace } from "@ddpm/core/authoring";

/**
 * The level of a chain's first step, where diffusers' schedulers with `set_alpha_to_one: false` end.
 *
 * @throws DdpmError for a schedule without steps
 */
export function firstStep(where: ErrorPlace, schedule: NoiseSchedule): Moment {
  if (schedule.steps) return momentAt(schedule, timeOfStep(0, schedule.steps));
  return fail(
    where,
    `toFirstStep needs a schedule with steps, and ${schedule.name} has none.`,
    "Leave toFirstStep out.",
  );
}

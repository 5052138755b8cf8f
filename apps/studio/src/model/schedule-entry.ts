import { isDdpmError, type NoiseSchedule } from "@ddpm/core";
import { schedules } from "@ddpm/schedules";

/** A schedule, or why it cannot be made. */
export type Made =
  | { readonly schedule: NoiseSchedule; readonly problem?: never }
  | { readonly schedule?: never; readonly problem: string };

/** Makes a schedule by name; wrappers wrap `linear` by default. */
export function makeSchedule(name: string, options: Readonly<Record<string, unknown>>): Made {
  return attempt(() => {
    const wraps = "of" in schedules.get(name).schema.shape;
    const needed = name === "shifted" ? { imageSize: 128 } : {};
    return schedules.create({ name, ...(wraps ? { of: "linear", ...needed } : {}), ...options });
  });
}

/** Runs a maker, and keeps what it complains about. */
export function attempt(make: () => NoiseSchedule): Made {
  try {
    return { schedule: make() };
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    return { problem: isDdpmError(error) ? problem.replace(/^\[[^\]]*\]\s*/, "") : problem };
  }
}

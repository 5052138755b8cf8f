import { type NoiseSchedule, type Registry, registry } from "@ddpm/core";
import { unwrappedSchedules } from "./unwrapped.ts";
import { shifted } from "./wrappers/shifted.ts";
import { zeroTerminal } from "./wrappers/zero-terminal.ts";

/** Every built-in schedule: those of {@link unwrappedSchedules}, and those that wrap another. */
export const schedules: Registry<NoiseSchedule> = registry<NoiseSchedule>("schedules/schedules", "schedule", [
  ...unwrappedSchedules.plugins,
  zeroTerminal,
  shifted,
]);

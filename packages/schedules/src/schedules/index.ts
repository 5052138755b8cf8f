import { type NoiseSchedule, type Registry, registry } from "@ddpm/core";
import { base } from "./unwrapped.ts";
import { shifted } from "./wrappers/shifted.ts";
import { zeroTerminal } from "./wrappers/zero-terminal.ts";

/** Every built-in schedule: those of {@link base}, and those that wrap another. */
export const schedules: Registry<NoiseSchedule> = registry<NoiseSchedule>("schedule", [
  ...base.plugins,
  zeroTerminal,
  shifted,
]);

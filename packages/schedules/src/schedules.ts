import { type NoiseSchedule, type Registry, registry } from "@ddpm/core";
import { base } from "./base.ts";
import { shifted } from "./schedules/shifted.ts";
import { zeroTerminal } from "./schedules/zero-terminal.ts";

/** Every built-in schedule: those of {@link base}, and those that wrap another. */
export const schedules: Registry<NoiseSchedule> = registry<NoiseSchedule>("schedule", [
  ...base.plugins,
  zeroTerminal,
  shifted,
]);

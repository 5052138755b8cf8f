import { type NoiseSchedule, type Registry, registry } from "@ddpm/core";
import { betaSigmoid } from "./schedules/beta-sigmoid.ts";
import { cosine } from "./schedules/cosine.ts";
import { custom } from "./schedules/custom.ts";
import { linear } from "./schedules/linear.ts";
import { quadratic } from "./schedules/quadratic.ts";
import { scaledLinear } from "./schedules/scaled-linear.ts";
import { sigmoid } from "./schedules/sigmoid.ts";

/** Every built-in schedule. */
export const schedules: Registry<NoiseSchedule> = registry<NoiseSchedule>("schedule", [
  linear,
  scaledLinear,
  quadratic,
  cosine,
  betaSigmoid,
  sigmoid,
  custom,
]);

import { type Registry, registry } from "@ddpm/core";
import type { Check } from "./check.ts";
import { deadEma } from "./dead-ema.ts";
import { exploding } from "./exploding.ts";
import { flat } from "./flat.ts";
import { memorised } from "./memorised.ts";
import { overfitted } from "./overfitted.ts";
import { saturated } from "./saturated.ts";

/** Every way in which a training is looked at for signs that it goes bad, by the name JSON uses. */
export const checks: Registry<Check> = registry("trainer/checks", "check", [
  exploding,
  flat,
  deadEma,
  saturated,
  overfitted,
  memorised,
]);

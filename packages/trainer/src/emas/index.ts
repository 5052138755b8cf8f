import { type Registry, registry } from "@ddpm/core";
import { constant } from "./constant.ts";
import type { EmaDecay } from "./ema.ts";
import { halfLife } from "./half-life.ts";
import { power } from "./power.ts";
import { profile } from "./profile.ts";
import { warmup } from "./warmup.ts";

/** Every memory of averaged weights, by the name JSON uses. */
export const emas: Registry<EmaDecay> = registry("trainer/emas", "ema", [
  constant,
  warmup,
  power,
  halfLife,
  profile,
]);

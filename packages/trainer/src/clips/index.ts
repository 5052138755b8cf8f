import { type Registry, registry } from "@ddpm/core";
import type { Clip } from "./clip.ts";
import { norm } from "./norm.ts";
import { value } from "./value.ts";

/** Every way to bound gradients, by the name JSON uses. */
export const clips: Registry<Clip> = registry("trainer/clips", "clip", [norm, value]);

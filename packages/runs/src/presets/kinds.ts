import { type Preset, type PresetDefinition, preset } from "./preset.ts";

/** A published run as it was, with its mistakes, or as it should have been. */
export type Kind = "faithful" | "corrected";

/** Both kinds of a run. */
export function both(make: (kind: Kind) => PresetDefinition): readonly Preset[] {
  return [preset(make("faithful")), preset(make("corrected"))];
}

import type { Plugin } from "@ddpm/core";
import { pluginsOf } from "@ddpm/core/authoring";
import type { StagedDescription } from "../config/stages.ts";

/** A ready run by name: calling it gives its description. */
export type Preset = Plugin<Record<string, never>, StagedDescription>;

/** A ready run as its file has it: the description, and where it is from. */
export interface PresetDefinition extends StagedDescription {
  readonly name: string;
  /** What it trains, one sentence. */
  readonly about: string;
  /** Repository, paper or document that it is from. */
  readonly source: string;
}

const plugin = pluginsOf("runs");

/** A description as a plugin, which takes no options: settings change a run. */
export function preset({ source, ...description }: PresetDefinition): Preset {
  const { name, about } = description;
  return plugin({ name, about, source, options: {}, create: () => description });
}

import { statSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { fail } from "@ddpm/core";
import { nearest } from "@ddpm/core/authoring";
import { embeddedSets } from "@ddpm/data";
import type { RunConfig } from "@ddpm/runs";
import { parseRun, presets } from "@ddpm/runs";
import { isSection, over, type Section, stagesOf } from "@ddpm/runs/authoring";
import { readSettings } from "./json-text.ts";
import { withAbsoluteModules } from "./user-plugins.ts";

/** Changes from the command line, applied over a preset or a file. */
export interface Overrides {
  readonly data?: string | undefined;
  readonly seed?: number | undefined;
  readonly images?: number | undefined;
  readonly minutes?: number | undefined;
  readonly skipBad?: boolean | undefined;
  readonly classes?: readonly string[] | undefined;
  readonly autoencoder?: string | undefined;
  readonly set?: readonly string[] | undefined;
}

/** A stage of a run; one in a single stage has no name for it. */
export interface LoadedStage {
  readonly name?: string;
  readonly config: RunConfig;
}

/**
 * The stages of a run, at least one, from the name of a preset or the path of a JSON file, with overrides.
 *
 * @throws DdpmError for an unknown preset (with the nearest), a file that is missing or no JSON, or a setting
 *   that does not exist or is out of range
 */
export async function loadStages(
  source: string,
  overrides: Overrides,
): Promise<readonly [LoadedStage, ...LoadedStage[]]> {
  const read = await readDescription(source);
  const assignments = [...shorthands(overrides), ...(overrides.set ?? [])];
  const changed = withOwnAbout(read, source, overrides);
  const stages = stagesOf(withSource(changed, overrides.data), assignments);
  const loaded = stages.map(({ name, description }): LoadedStage => {
    const config = parseRun(withAbsoluteModules(description, resolve(".")), source);
    return { config, ...(name === undefined ? {} : { name }) };
  });
  return loaded as [LoadedStage, ...LoadedStage[]];
}

/** The same of a run in one stage, or the first of several. */
export async function loadRun(source: string, overrides: Overrides): Promise<RunConfig> {
  const [{ config }] = await loadStages(source, overrides);
  return config;
}

/** What is really run, where the command line changes what a preset says of itself. */
function withOwnAbout(description: object, source: string, { seed: _, data, ...rest }: Overrides): object {
  if (!presets.names.includes(source)) return description;
  const changes = [
    ...(data === undefined ? [] : [`data.source=${data}`]),
    ...shorthands(rest),
    ...(rest.set ?? []).filter((one) => !/^(seed|name|start|about)=/.test(one)),
  ];
  return changes.length === 0 ? description : { ...description, about: basedOn(source, changes.join(" ")) };
}

function basedOn(preset: string, changes: string): string {
  return `the settings of ${preset} with ${changes}`;
}

/** What holds for images from anywhere; all else in `data` belongs to the embedded set it was written for. */
const KEPT = ["size", "flip", "range", "crop", "augment", "prefetch", "workers"];

/** Another source of images, with the settings that still make sense. */
function withSource(description: object, source: string | undefined): object {
  if (source === undefined) return description;
  const { data: given } = description as { readonly data?: unknown };
  const data = isSection(given) ? given : {};
  const embedded = embeddedSets.names.includes(String(data.source));
  const kept = Object.entries(data).filter(([name]) => !embedded || KEPT.includes(name));
  return { ...description, data: { ...Object.fromEntries(kept), source } };
}

function shorthands({ seed, images, minutes, skipBad, classes, autoencoder }: Overrides): string[] {
  return [
    ...(seed === undefined ? [] : [`seed=${seed}`]),
    ...(images === undefined ? [] : [`train.images=${images}`]),
    ...(minutes === undefined ? [] : [`train.minutes=${minutes}`]),
    ...(skipBad ? ["data.skipBad=true"] : []),
    ...(autoencoder === undefined ? [] : [`latent.autoencoder=${JSON.stringify(resolve(autoencoder))}`]),
    ...(classes === undefined ? [] : [`data.classes=${JSON.stringify(classes)}`]),
  ];
}

async function readDescription(source: string): Promise<object> {
  if (presets.names.includes(source)) return presets.create(source);
  const found = statSync(source, { throwIfNoEntry: false });
  if (found?.isDirectory())
    fail(
      "cli/load",
      `${source} is a folder, expected a preset or the path of a .json file.`,
      `To train on the images in it: ddpm train --data ${source}. To resume a run: --resume --out ${source}.`,
    );
  if (!found && !/\.jsonc?$/i.test(source)) {
    fail(
      "cli/load",
      `unknown preset "${source}", expected a preset or the path of a .json file.`,
      presetAdvice(source),
    );
  }
  return ofFile(await readSettings(source, "cli/load"), source);
}

/** The nearest preset first, then where all are. */
function presetAdvice(given: string): string {
  const all = `\`ddpm list presets\` shows all ${presets.names.length}.`;
  return [nearest(given, presets.names), all].filter(Boolean).join(" ");
}

/** A file's settings over those of the preset that it names, if it does. A run without a name has the file's. */
function ofFile({ preset, ...own }: Section, source: string): object {
  const local = {
    name: basename(source).replace(/\.\w+$/, ""),
    ...withAbsoluteModules(own, dirname(resolve(source))),
  };
  if (preset === undefined) return local;
  if (typeof preset !== "string" || !presets.names.includes(preset)) {
    const given = JSON.stringify(preset);
    fail(
      "cli/load",
      `${source}: setting "preset": ${given} given, expected the name of a preset.`,
      presetAdvice(String(preset)),
    );
  }
  const data = isSection(own.data) && typeof own.data.source === "string" ? own.data.source : undefined;
  const base = { ...presets.create(preset), about: basedOn(preset, `those of ${basename(source)}`) };
  return over(withSource(base, data) as Section, local);
}

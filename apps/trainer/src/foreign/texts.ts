import { fail } from "@ddpm/core";
import { argumentsOf, checkSameNetwork, families } from "@ddpm/exchange";
import type { RunConfig } from "../config/schema.ts";
import { builtIn } from "../config/user-plugins.ts";
import {
  familySpec,
  jsonOf,
  type Layout,
  layoutOf,
  type Origin,
  PIPELINE,
  readOrigin,
  readText,
} from "./origin.ts";
import { DIFFUSERS, type ExportedScheduler, exportedScheduler } from "./scheduler-export.ts";

/** What goes with exported weights: a reference's own files, by their names in its folder. */
export interface Texts {
  readonly layout: Layout;
  readonly files: Readonly<Record<string, string>>;
  /** How the reference builds the network. */
  readonly arguments: Readonly<Record<string, unknown>>;
  /** Nobody gave the arguments: they follow from the run. */
  readonly workedOut: boolean;
  /** How the reference's pipeline samples, where its scheduler was made from the run. */
  readonly sampling?: Pick<ExportedScheduler, "call" | "differs">;
}

/** What {@link foreignTexts} goes by. */
export interface TextsOptions {
  readonly run: string;
  readonly config: RunConfig;
  readonly family: string;
  /** File with the reference's arguments. */
  readonly given: string | undefined;
  /** [H, W, C] of the images. */
  readonly shape: readonly [height: number, width: number, channels: number];
  readonly learnsVariance: boolean;
  /** A folder is written, not the weights alone. */
  readonly folder: boolean;
}

/**
 * The files that go with the weights: those that a run was imported with as they were, else made from the run.
 *
 * @throws DdpmError where the reference has no such network, schedule or prediction type
 */
export async function foreignTexts(options: TextsOptions): Promise<Texts> {
  const { run, config, family, given, shape, folder } = options;
  const origin = await readOrigin(run);
  const known = origin?.family === family ? origin.files : {};
  const layout = layoutOf((file) => file in known);
  const text = given === undefined ? known[layout.config] : await readText(given);
  const workedOut = text === undefined;
  const denoiser = builtIn(config.denoiser, "export");
  const network = workedOut
    ? argumentsOf(family, denoiser, [shape[0], shape[1]])
    : jsonOf(text, given ?? layout.config);
  if (!workedOut) {
    const { spec } = families.create(familySpec(family, network));
    checkSameNetwork("export", spec, denoiser);
  }
  const found = { layout, arguments: network, workedOut };
  if (!folder) return { ...found, files: {} };
  const files = { ...known, [layout.config]: text ?? modelText(network) };
  return { ...found, ...withPipeline(files, layout, options, origin) };
}

/** Adds the pipeline's and the scheduler's files where a folder was not imported without them. */
function withPipeline(
  files: Readonly<Record<string, string>>,
  layout: Layout,
  { config, learnsVariance }: TextsOptions,
  origin: Origin | undefined,
): Pick<Texts, "files" | "sampling"> {
  const bare = origin !== undefined && layout !== PIPELINE;
  if (bare || (layout.index in files && layout.scheduler in files)) return { files };
  const { config: scheduler, pipeline, call, differs } = exportedScheduler(config, learnsVariance);
  const index = {
    _class_name: pipeline,
    _diffusers_version: DIFFUSERS,
    scheduler: ["diffusers", scheduler._class_name],
    unet: ["diffusers", "UNet2DModel"],
  };
  const made = { [layout.index]: jsonText(index), [layout.scheduler]: jsonText(scheduler) };
  return { files: { ...made, ...files }, sampling: { call, differs } };
}

/** A model's `config.json` as `save_pretrained` writes it: sorted by name. */
function modelText(network: Readonly<Record<string, unknown>>): string {
  const named = { _class_name: "UNet2DModel", _diffusers_version: DIFFUSERS, ...network };
  return jsonText(Object.fromEntries(Object.entries(named).sort(([a], [b]) => (a < b ? -1 : 1))));
}

/** JSON as Python's `json.dumps(…, indent=2)` lays it out. */
export function jsonText(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** @throws DdpmError for a family that has no folders */
export function checkFolder(family: string): void {
  if (family === "diffusers") return;
  fail("export", `${family} has no folders: expected --out to end in .safetensors.`);
}

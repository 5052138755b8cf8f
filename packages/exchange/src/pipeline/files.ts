import { fail, type Spec } from "@ddpm/core";
import { families } from "../families/index.ts";
import { argumentsOf, checkSameNetwork } from "../network/arguments-of.ts";
import { familySpec } from "../network/family-spec.ts";
import { type FolderLayout, layoutOf, PIPELINE } from "./layout.ts";
import { DIFFUSERS, type SampledRun, type WrittenScheduler, writeScheduler } from "./write-scheduler.ts";

/** What is written with exported weights. */
export interface ExportedFiles {
  readonly layout: FolderLayout;
  /** Texts of the reference's own files, by their names in its folder; none for a file of weights. */
  readonly files: Readonly<Record<string, string>>;
  /** How the reference builds the network. */
  readonly arguments: Readonly<Record<string, unknown>>;
  /** The arguments were not given: they follow from the network. */
  readonly derived: boolean;
  /** How the reference's pipeline samples, where its scheduler was made from the run. */
  readonly sampling?: Pick<WrittenScheduler, "call" | "differs">;
}

/** A network to export; see {@link exportedFiles}. */
export interface ExportRequest {
  readonly family: string;
  /** Our network. */
  readonly denoiser: Spec;
  /** [H, W] of the images. */
  readonly size: readonly [height: number, width: number];
  /** The reference's arguments, where they are known. */
  readonly arguments?: Readonly<Record<string, unknown>> | undefined;
  /** Files that the network was imported with, by name: they are written as they were. */
  readonly imported?: Readonly<Record<string, string>> | undefined;
  /** For a folder: how the model was trained and samples. */
  readonly run?: SampledRun;
  readonly learnsVariance?: boolean;
}

/**
 * The files that belong to exported weights: those that a network was imported with as they were, the others made from
 * the run.
 *
 * @throws DdpmError where the reference has no such network, schedule or prediction type
 */
export function exportedFiles(request: ExportRequest): ExportedFiles {
  const { family, denoiser, size, imported = {}, run } = request;
  const layout = layoutOf((file) => file in imported);
  const derived = request.arguments === undefined;
  const network = request.arguments ?? argumentsOf(family, denoiser, size);
  if (!derived) {
    checkSameNetwork(`exchange/${family}`, families.create(familySpec(family, network)).spec, denoiser);
  }
  const found = { layout, arguments: network, derived };
  if (!run) return { ...found, files: {} };
  const text = imported[layout.config] ?? modelText(network);
  return { ...found, ...withPipeline({ ...imported, [layout.config]: text }, layout, request, run) };
}

/** Adds the pipeline's and the scheduler's files, unless a network without them was imported. */
function withPipeline(
  files: Readonly<Record<string, string>>,
  layout: FolderLayout,
  { imported, learnsVariance }: ExportRequest,
  run: SampledRun,
): Pick<ExportedFiles, "files" | "sampling"> {
  const bare = imported !== undefined && layout !== PIPELINE;
  if (bare || (layout.index in files && layout.scheduler in files)) return { files };
  const { config: scheduler, pipeline, call, differs } = writeScheduler(run, learnsVariance);
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

/** JSON in the form of Python's `json.dumps(…, indent=2)`, with a line feed at the end. */
export function jsonText(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** @throws DdpmError for a family whose models are not stored in folders */
export function checkFolder(family: string): void {
  if (family === "diffusers") return;
  fail(`exchange/${family}`, `${family} stores no folders, expected a name that ends in .safetensors.`);
}

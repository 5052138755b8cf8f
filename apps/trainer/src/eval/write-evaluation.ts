import { createHash } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Images } from "@ddpm/core";
import type { Extractor } from "@ddpm/metrics";
import type { MeasuredEstimate } from "@ddpm/metrics/authoring";
import { writeFileAtomic } from "@ddpm/runs/node/authoring";
import { png, toPixels } from "@ddpm/viz/images";
import { gridOf } from "../drawing/pictures.ts";
import { runFolder } from "../run/folder.ts";
import { type Copies, copiesAsJson, pairsPicture } from "./copies.ts";
import type { Measured } from "./measure-samples.ts";
import type { Reference } from "./reference.ts";
import type { SampleSet, SampleSettings, SampleSource } from "./samples/samples.ts";

/** Images in the grid. */
const GRID = 64;

/** What `eval.json` holds. */
export interface Evaluation {
  readonly extractor: { readonly name: string; readonly fingerprint: string; readonly facts: object };
  readonly settings: SampleSettings;
  readonly weights: string;
  readonly calls: number;
  readonly against: string;
  readonly estimates: readonly MeasuredEstimate[];
  readonly memorisation: object;
  readonly notes: readonly string[];
  readonly pictures: Readonly<Record<string, string>>;
}

/** Everything that an evaluation is made of. */
export interface Evaluated {
  readonly source: SampleSource;
  readonly settings: SampleSettings;
  readonly samples: SampleSet;
  readonly reference: Reference;
  readonly extractor: Extractor;
  readonly measured: Measured;
}

/** Writes pictures and `eval.json` next to the samples, and `eval.json` into the run's folder. */
export async function writeEvaluation(evaluated: Evaluated): Promise<Evaluation> {
  const { source, settings, samples, reference, extractor, measured } = evaluated;
  const { estimates, notes, copies } = measured;
  const folder = join(samples.folder, folderName(samples.shape[0], extractor, reference));
  const { name, fingerprint, facts } = extractor;
  const evaluation: Evaluation = {
    extractor: { name, fingerprint, facts },
    settings,
    weights: source.weights,
    calls: samples.calls,
    against: reference.description,
    estimates,
    memorisation: copiesAsJson(copies),
    notes,
    pictures: await writePictures(folder, measured.images, copies, reference.training),
  };
  const text = `${JSON.stringify(evaluation, null, 2)}\n`;
  await writeFileAtomic(join(folder, "eval.json"), text);
  await writeFileAtomic(evaluationFile(source.run), text);
  return evaluation;
}

/** Where the latest evaluation of a run is. */
export function evaluationFile(run: string): string {
  return join(runFolder(run).path, "eval.json");
}

/** Folder of one evaluation next to its samples: another count, extractor or reference is another evaluation. */
function folderName(
  count: number,
  { fingerprint }: Extractor,
  { real, heldOut, description }: Reference,
): string {
  const key = JSON.stringify([fingerprint, description, real.fingerprint, heldOut?.fingerprint]);
  return `${count}-${createHash("sha256").update(key).digest("hex").slice(0, 8)}`;
}

async function writePictures(
  folder: string,
  images: Images,
  copies: Copies | undefined,
  training: Reference["training"],
): Promise<Readonly<Record<string, string>>> {
  const grid = join(folder, "grid.png");
  await mkdir(folder, { recursive: true });
  await writeFileAtomic(grid, png(gridOf(toPixels(images).slice(0, GRID))));
  if (!copies || !training) return { grid };
  const nearest = join(folder, "nearest.png");
  const nearestInPixels = join(folder, "nearest-pixels.png");
  await writeFileAtomic(nearest, png(await pairsPicture(copies.features.pairs, images, training)));
  await writeFileAtomic(nearestInPixels, png(await pairsPicture(copies.pixels.pairs, images, training)));
  return { grid, nearest, nearestInPixels };
}

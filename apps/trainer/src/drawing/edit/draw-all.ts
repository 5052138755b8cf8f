import { join } from "node:path";
import type { Images } from "@ddpm/core";
import { countOf, formatDuration } from "@ddpm/core/authoring";
import { writeFileAtomic } from "@ddpm/runs/node/authoring";
import { ansiPreview, type Pixels, png } from "@ddpm/viz/images";
import type { EditFlags } from "../../commands/edit/edit-options.ts";
import { beginDrawing, type Drawing, drawingFolder } from "../../output/drawing-folder.ts";
import type { Reporter } from "../../output/reporter.ts";
import { asUsage } from "../../output/usage.ts";
import { type DrawOptions, drawLast } from "../draw.ts";
import { classFields, ofClasses } from "../labels.ts";
import type { Model } from "../open-model.ts";
import { gridOf } from "../pictures.ts";
import { slice } from "../source-images.ts";

/** Samples computed at a time. */
const BATCH = 64;

/** Draws samples `0 … count − 1` in batches, with progress; `optionsOf` are the options of samples `first …`. */
export async function drawAll(
  reporter: Reporter,
  count: number,
  steps: number,
  optionsOf: (first: number, count: number) => DrawOptions,
): Promise<Images> {
  const started = performance.now();
  const parts: Images[] = [];
  for (let first = 0; first < count; first += BATCH) {
    const own = Math.min(BATCH, count - first);
    const onStep = (step: number): void => {
      const done = first * steps + step * own;
      const perSecond = done / ((performance.now() - started) / 1000);
      reporter.progress({ done, total: count * steps, unit: "steps", perSecond });
    };
    parts.push(await drawLast(optionsOf(first, own), onStep));
  }
  reporter.close();
  return joined(parts);
}

/** Batches as one. */
function joined(parts: readonly Images[]): Images {
  const size = parts.reduce((sum, { data }) => sum + data.length, 0);
  const data = new Float32Array(size);
  let at = 0;
  for (const part of parts) {
    data.set(part.data, at);
    at += part.data.length;
  }
  const [, ...image] = parts[0]!.shape;
  return { data, shape: [parts.reduce((sum, { shape }) => sum + shape[0], 0), ...image] };
}

/** Images as what the model draws: themselves, or their latents. */
export async function asSamples({ latents }: Pick<Model, "latents">, images: Images): Promise<Images> {
  return latents ? latents.encode(images) : images;
}

/** The options of samples `first … first + count − 1` whose trajectory starts from images. */
export function startingFrom(drawing: DrawOptions, start: Images, times: ArrayLike<number>): DrawOptions {
  const { first, count } = drawing;
  return { ...drawing, trajectory: { times, start: slice(start, first, count) } };
}

/**
 * The folder of a verb's drawing, with the record of what is drawn in it.
 *
 * @throws UsageError for an `--out` that has files of another drawing
 */
export async function openFolder(
  model: Model,
  { out }: EditFlags,
  base: string,
  more: Drawing,
): Promise<string> {
  const drawing = { verb: base, ...(await model.facts()), ...more };
  const folder = await asUsage(() => drawingFolder(drawing, { out, base }));
  await beginDrawing(folder, drawing);
  return folder;
}

/** Rows and columns of a grid, at most: more are written, but not shown. */
const SHOWN = 64;

/** The first rows and columns of tiles, which a grid shows. */
function cornerOf(tiles: readonly Pixels[], columns: number): [tiles: readonly Pixels[], columns: number] {
  const shown = tiles.filter((_, i) => i % columns < SHOWN && Math.floor(i / columns) < SHOWN);
  return [shown, Math.min(columns, SHOWN)];
}

/** Writes each picture and a grid, shows the grid, and says what was made. */
export async function finish(
  reporter: Reporter,
  { classes }: Pick<Model, "classes">,
  out: string,
  {
    pictures,
    tiles = pictures,
    columns,
    started,
    facts,
  }: {
    readonly pictures: readonly Pixels[];
    /** What the grid shows; the pictures when left out. */
    readonly tiles?: readonly Pixels[];
    readonly columns?: number;
    /** `performance.now()` of the beginning. */
    readonly started: number;
    readonly facts?: Readonly<Record<string, unknown>>;
  },
): Promise<void> {
  const digits = String(pictures.length - 1).length;
  for (const [i, picture] of pictures.entries()) {
    await writeFileAtomic(join(out, `${String(i).padStart(digits, "0")}.png`), png(picture));
  }
  const grid = gridOf(...cornerOf(tiles, columns ?? tiles.length));
  await writeFileAtomic(join(out, "grid.png"), png(grid));
  reporter.preview((width) => ansiPreview(grid, { columns: width }));
  const seconds = (performance.now() - started) / 1000;
  reporter.event(
    { event: "done", out, count: pictures.length, seconds, ...facts, ...classFields(classes) },
    `${countOf(pictures.length, "picture")}${ofClasses(classes)} in ${formatDuration(seconds)}: ${join(out, "grid.png")}`,
  );
}

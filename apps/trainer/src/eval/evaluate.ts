import { createHash } from "node:crypto";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Dataset, fail, type Images } from "@ddpm/core";
import { difference, type Estimate, type Extractor, type Features } from "@ddpm/metrics";
import { folderStore } from "@ddpm/metrics/node";
import { writeFileAtomic } from "@ddpm/runs/node";
import { png, toPixels } from "@ddpm/viz/images";
import { pluginSpec } from "../config/plugin-spec.ts";
import { formatDuration } from "../output/format.ts";
import type { Reporter } from "../output/reporter.ts";
import { asUsage } from "../output/usage.ts";
import { runFolder } from "../run/folder.ts";
import { type Model, openModel } from "../run/open-model.ts";
import { gridOf } from "../run/pictures.ts";
import { coarsePixels, coarsePixelsOf } from "./coarse-pixels.ts";
import { checkExtractor, described, percentOf, prepareExtractor } from "./extractor.ts";
import { laps } from "./laps.ts";
import { estimatesOf, type HeldOutLosses, heldOutLosses } from "./loss.ts";
import { generatedFeatures, type Measures, measure, PIXELS } from "./measure.ts";
import { type Memory, memoryOf, pairsPicture } from "./near.ts";
import type { JudgeFlags } from "./options.ts";
import { cacheOf, featuresOf, openReference, type Reference, someImages } from "./reference.ts";
import { judged, type SampleSettings, sampled } from "./sampled.ts";
import { plusMinus, tableOf, wordsOf } from "./table.ts";

/** The options of `ddpm eval`. */
export interface EvalFlags extends JudgeFlags {
  readonly sampler?: string;
  readonly steps?: number;
  readonly checkpoint: string;
  readonly raw?: boolean;
  readonly heldOut?: string;
  readonly beside?: string;
}

/** What `eval.json` holds. */
export interface Evaluation {
  readonly extractor: { readonly name: string; readonly fingerprint: string; readonly facts: object };
  readonly settings: SampleSettings;
  readonly calls: number;
  readonly against: string;
  readonly estimates: readonly Estimate[];
}

/** Pictures in the grid. */
const SHOWN = 64;

/** Draws what is missing, measures it, and leaves `eval.json` and pictures in the run's folder. */
export async function evaluate(run: string, flags: EvalFlags, reporter: Reporter): Promise<Evaluation> {
  const started = performance.now();
  const took = laps();
  await asUsage(() => checkExtractor(flags.extractor));
  const model = await asUsage(() => openModel("eval", run, { guidance: 1, ...flags }, reporter));
  const { config, parts } = model;
  const reference = await asUsage(() =>
    openReference(model, flags.against, (text) => reporter.say(text), flags.heldOut),
  );
  try {
    const other = await asUsage(() => besideOf(flags.beside));
    const settings = settingsOf(model, flags);
    const who = await judged(model, run);
    const cache = cacheOf(run);
    took.done("opening");
    const extractor = await asUsage(() =>
      prepareExtractor(flags.extractor, reference.all, cache, reporter, model.backend.compile),
    );
    took.done("extractor");
    if (other) await asUsage(() => checkSame(other, extractor, flags.beside!));
    const before = performance.now();
    const samples = await sampled(who, settings, flags.count, progressOf(reporter, flags.count));
    reporter.close();
    const drawn = (performance.now() - before) / 1000;
    took.done("samples");

    const store = folderStore(cache);
    const told = percentOf(reporter, "the real features");
    const real = {
      features: await featuresOf(reference.real, extractor, store, told),
      images: await someImages(reference.real, PIXELS),
    };
    const { heldOut } = reference;
    const unseen = heldOut && (await someImages(heldOut, Math.max(8, flags.count)));
    const training = reference.training && {
      set: reference.training,
      features: await featuresOf(reference.training, extractor, store, told),
    };
    const apart = unseen && (await generatedFeatures(extractor, unseen));
    reporter.close();
    took.done("realFeatures");
    const measures = await measure(samples, real, extractor);
    took.done("distances");
    const copies =
      training && (await copiesOf(measures, training, unseen && { images: unseen, features: apart! }));
    extractor.dispose();
    took.done("copies");
    const losses = heldOut && (await heldOutLosses(model, model.drawing(0, 1).params, heldOut, flags.seed));
    took.done("losses");
    const notes = [...measures.notes, ...notesOf(losses)];

    const estimates = [
      ...measures.estimates,
      ...(copies?.features.estimates ?? []),
      ...(losses ? estimatesOf(losses) : []),
    ];
    const folder = join(samples.folder, nameOf(flags.count, extractor, reference));
    const pictures = await writePictures(folder, measures.images, copies, reference.training);
    const result = {
      extractor: { name: extractor.name, fingerprint: extractor.fingerprint, facts: extractor.facts },
      settings,
      weights: who.weights,
      calls: samples.calls,
      against: reference.description,
      estimates,
      memorisation: {
        memorised: copies?.features.test
          ? Boolean(copies.features.memorised || copies.pixels.memorised)
          : null,
        features: copies ? plainly(copies.features) : null,
        pixels: copies ? plainly(copies.pixels) : null,
      },
      notes,
      pictures,
    };
    const out = join(runFolder(run).path, "eval.json");
    const text = `${JSON.stringify(result, null, 2)}\n`;
    await writeFileAtomic(join(folder, "eval.json"), text);
    await writeFileAtomic(out, text);
    const compared = other?.estimates.flatMap((before) => besides(before, estimates));

    reporter.say(
      `${config.name}: ${flags.count} samples, ${parts.sampler.name}, ${settings.steps} steps, ${samples.calls} network calls each`,
    );
    reporter.say(`seen by ${described(extractor)}, beside ${reference.description}`);
    for (const line of ["", ...tableOf(estimates), ""]) reporter.say(line);
    for (const note of notes) reporter.say(note);
    reporter.say(
      copies
        ? verdictOf(copies, reference.heldOut?.length)
        : "Copies of training images are not looked for: the images that the run was trained on are not there.",
    );
    for (const one of compared ?? []) {
      reporter.say(
        `${wordsOf(one)}: ${plusMinus(one)} more than ${flags.beside}, p = ${one.p.toPrecision(2)}${one.significant ? "" : ", no more than chance"}`,
      );
    }
    reporter.event(
      {
        event: "done",
        run,
        out,
        ...result,
        ...(compared ? { differences: compared } : {}),
        seconds: (performance.now() - started) / 1000,
        secondsToSamples: drawn,
        took: took.all,
      },
      `${out}, ${Object.values(pictures).join(", ")}; ${formatDuration((performance.now() - started) / 1000)}, ${formatDuration(drawn)} of them for the samples`,
    );
    return result;
  } finally {
    model.close();
    await reference.close();
  }
}

/** Settings of samples as flags and the run say. */
export function settingsOf({ config, parts }: Model, flags: EvalFlags): SampleSettings {
  const { classes } = parts.denoiser;
  return {
    sampler: flags.sampler === undefined ? config.sample.sampler : pluginSpec(flags.sampler),
    spacing: flags.spacing === undefined ? config.sample.spacing : pluginSpec(flags.spacing),
    steps: flags.steps ?? config.sample.steps,
    seed: flags.seed,
    label: classes ? Array.from({ length: classes }, (_, k) => k) : null,
    guidance: 1,
    batch: flags.batch,
  };
}

/** Tells how many samples there are, with the rate of those drawn now. */
export function progressOf(reporter: Reporter, total: number): (done: number, drawn: boolean) => void {
  const started = performance.now();
  let before = 0;
  return (done, drawn) => {
    if (!drawn) {
      before = done;
      return;
    }
    const perSecond = (done - before) / ((performance.now() - started) / 1000);
    reporter.progress({ done, total, unit: "samples", perSecond });
  };
}

function plainly({ memorised, test, ratioTest, pairs }: Memory): object {
  return {
    memorised: memorised ?? null,
    test: test ?? null,
    ratioTest: ratioTest ?? null,
    pairs: pairs.slice(0, SHOWN),
  };
}

/** Training images among the samples, by features and by pixels. */
interface Copies {
  readonly features: Memory;
  readonly pixels: Memory;
}

async function copiesOf(
  { generated, images }: Pick<Measures, "generated" | "images">,
  training: { readonly set: Dataset; readonly features: Features },
  unseen: { readonly images: Images; readonly features: Features } | undefined,
): Promise<Copies> {
  const coarse = await coarsePixelsOf(training.set);
  return {
    features: memoryOf(generated, training.features, unseen?.features),
    pixels: memoryOf(coarsePixels(images), coarse, unseen && coarsePixels(unseen.images)),
  };
}

/** Folder of one evaluation next to its samples: another count, extractor or reference is another evaluation. */
function nameOf(
  count: number,
  { fingerprint }: Extractor,
  { real, heldOut, description }: Reference,
): string {
  const seen = createHash("sha256").update(
    JSON.stringify([fingerprint, description, real.fingerprint, heldOut?.fingerprint]),
  );
  return `${count}-${seen.digest("hex").slice(0, 8)}`;
}

async function writePictures(
  folder: string,
  images: Images,
  copies: Copies | undefined,
  training: Dataset | undefined,
): Promise<Readonly<Record<string, string>>> {
  const grid = join(folder, "grid.png");
  await mkdir(folder, { recursive: true });
  await writeFileAtomic(grid, png(gridOf(toPixels(images).slice(0, SHOWN))));
  if (!copies || !training) return { grid };
  const nearest = join(folder, "nearest.png");
  const nearestInPixels = join(folder, "nearest-pixels.png");
  await writeFileAtomic(nearest, png(await pairsPicture(copies.features.pairs, images, training)));
  await writeFileAtomic(nearestInPixels, png(await pairsPicture(copies.pixels.pairs, images, training)));
  return { grid, nearest, nearestInPixels };
}

function verdictOf({ features: inFeatures, pixels: inPixels }: Copies, heldOut: number | undefined): string {
  if (!inFeatures.test || !inPixels.test)
    return `Copies of training images cannot be tested for: ${heldOut === undefined ? "no images are kept apart (--held-out, or heldOut.amount of a run)" : "too few images"}. The nearest pair has ratio ${inPixels.pairs[0]!.ratio.toPrecision(2)}; below 0.33 looks like a copy.`;
  const chances = [
    `in features ${chancesOf(inFeatures)}`,
    `in pixels ${chancesOf(inPixels)} (distance to the nearest, and its ratio to the next)`,
  ].join(", ");
  return inFeatures.memorised || inPixels.memorised
    ? `Training images come back: samples are nearer to one of them than unseen images are: ${chances}.`
    : `No sign of copied training images beside unseen ones: ${chances}.`;
}

function chancesOf({ test, ratioTest }: Memory): string {
  return `p = ${test!.p.toPrecision(2)} and ${ratioTest!.p.toPrecision(2)}`;
}

function notesOf(losses: HeldOutLosses | undefined): readonly string[] {
  if (!losses) return ["No losses without images that the network never saw: give some with --held-out."];
  return losses.note === undefined ? [] : [losses.note];
}

async function besideOf(run: string | undefined): Promise<Evaluation | undefined> {
  if (run === undefined) return undefined;
  const path = join(run, "eval.json");
  const text = await readFile(path, "utf8").catch(() =>
    fail("eval", `${run} was not evaluated yet: ${path} is not there.`, `First: ddpm eval ${run}`),
  );
  return JSON.parse(text) as Evaluation;
}

function checkSame({ extractor }: Evaluation, { fingerprint }: Extractor, run: string): void {
  if (extractor.fingerprint === fingerprint) return;
  fail(
    "eval",
    `${run} was seen by the extractor ${extractor.name} ${extractor.fingerprint}, this run by ${fingerprint}.`,
    "Numbers of different extractors cannot be compared: evaluate both runs with one, from one folder.",
  );
}

/** What is different from an earlier estimate of the same thing; refuses other extractors. */
function besides(before: Estimate, estimates: readonly Estimate[]) {
  const same = estimates.find(({ metric }) => metric === before.metric);
  if (same?.standardError === undefined || before.standardError === undefined) return [];
  // Losses on other images, or at other noise levels: the extractor is the same, these are not.
  if (same.of !== before.of) return [];
  return [difference(before, same)];
}

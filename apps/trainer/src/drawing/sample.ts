import { join } from "node:path";
import { useBackend } from "@ddpm/backends";
import { fail } from "@ddpm/core";
import { countOf, formatDuration } from "@ddpm/core/authoring";
import { samplers } from "@ddpm/diffusion";
import type { RunConfig, RunParts } from "@ddpm/runs";
import { openLatents, readRunConfig } from "@ddpm/runs/authoring";
import { fsStorage } from "@ddpm/runs/node";
import { loadNamedCheckpoint, writeFileAtomic } from "@ddpm/runs/node/authoring";
import { spacings } from "@ddpm/schedules";
import { disposeState } from "@ddpm/trainer";
import { ansiPreview, gif, type Pixels, png } from "@ddpm/viz/images";
import { pluginSpec } from "../config/plugin-spec.ts";
import { makerOf } from "../config/user-plugins.ts";
import { createReporter } from "../output/create-reporter.ts";
import { beginDrawing, drawingFolder } from "../output/drawing-folder.ts";
import { Exit } from "../output/exit.ts";
import { asUsage } from "../output/usage.ts";
import { buildRun } from "../run/build.ts";
import { reportYoungAverage } from "../run/young-average.ts";
import { type Conditions, openConditions } from "./condition-images.ts";
import { type DrawOptions, draw } from "./draw.ts";
import { hashOfValues, hashOfWeights } from "./hashes.ts";
import { checkLabel, classesOf, classFields, ofClasses, turns } from "./labels.ts";
import { checkDraws, settingsOf, weightsOf } from "./open-model.ts";
import { clipping, gridOf, shown } from "./pictures.ts";
import { promptOf, textFacts } from "./prompt.ts";

/** The options of `ddpm sample`. */
export interface SampleFlags {
  readonly sampler?: string;
  readonly steps?: number;
  readonly spacing?: string;
  readonly count: number;
  readonly batch: number;
  readonly seed: number;
  readonly label?: string;
  readonly guidance: number;
  readonly condition?: string;
  readonly prompt?: string;
  readonly negative?: string;
  readonly rescale: number;
  readonly mask?: string;
  readonly raw?: boolean;
  readonly checkpoint: string;
  readonly out?: string;
  readonly gif?: boolean;
  readonly backend: string;
  readonly threads?: number;
  readonly json?: boolean;
}

/** Frames of a GIF, and pictures in it: enough to look at, few enough to stay small. */
const GIF_FRAMES = 40;
const GIF_PICTURES = 16;

/** Pictures in the grid, at most: all are written as files. */
const SHOWN = 1024;

/** Draws pictures from the network of a run, and writes them; returns the exit status. */
export async function runSampling(run: string, flags: SampleFlags): Promise<number> {
  const reporter = createReporter(Boolean(flags.json));
  const config = await asUsage(() => readRunConfig(fsStorage(run)));
  const parts = await asUsage(() => partsOf(config, flags));
  await asUsage(() => checkDraws("sample", parts));
  const steps = flags.steps ?? config.sample.steps;
  const times = await asUsage(() => parts.spacing.times(steps, parts.schedule));
  const taken = parts.sampler.adaptive ? steps : times.length - 1;
  const { label, guidance } = flags;
  await asUsage(() => checkLabel("sample", label, guidance, parts.denoiser));
  const prompt = await asUsage(() => promptOf("sample", flags, parts.tokenizer));
  const backend = await asUsage(() => useBackend(flags.backend, flags));
  const { state, meta, warnings } = await asUsage(() => loadNamedCheckpoint(run, flags.checkpoint));
  for (const warning of warnings) reporter.say(`warning: ${warning}`);
  reportYoungAverage({ config, parts, state, raw: flags.raw }, reporter);
  const known = { run, classes: parts.denoiser.classes!, meta };
  const classes = await asUsage(() => (label === undefined ? undefined : classesOf("sample", label, known)));
  const numbers = classes?.map(({ number }) => number);

  const shape = meta.shape as DrawOptions["shape"];
  const latents = await asUsage(() => openLatents(fsStorage(run), config, parts, backend.compile));
  const conditions = await asUsage(() => conditionsOf(parts, flags, shape, config, reporter.say));
  const drawing = {
    ...{ verb: "sample", weights: await hashOfWeights(weightsOf(state, flags)) },
    ...settingsOf(config, { ...flags, steps, classes }),
    ...{ ...textFacts(flags), count: flags.count, backend: backend.name },
    ...(conditions ? { conditions: hashOfValues(conditions(0, flags.count).data) } : {}),
  };
  const base = join(run, "samples", `${parts.sampler.name}-${steps}-seed${flags.seed}`);
  const out = await asUsage(() => drawingFolder(drawing, { out: flags.out, base }));
  reporter.say(
    `${countOf(flags.count, "picture")}${ofClasses(classes)} with ${parts.sampler.name}, ${taken} steps, on ${backend.name} (${backend.detail})`,
  );
  await beginDrawing(out, drawing);
  const started = performance.now();
  const pictures: Pixels[] = [];
  const film: Pixels[][] = [];
  let calls = 0;
  for (let first = 0; first < flags.count; first += flags.batch) {
    const count = Math.min(flags.batch, flags.count - first);
    const options: DrawOptions = {
      parts,
      params: weightsOf(state, flags),
      ...{ shape, latents },
      steps,
      seed: flags.seed,
      first,
      count,
      backend,
      ...{ guidance, rescale: flags.rescale, ...(prompt ? { prompt } : {}) },
      ...(numbers ? { label: turns(numbers, first, count) } : {}),
      ...(conditions ? { image: conditions(first, count) } : {}),
      ...clipping(config),
    };
    const every = Math.max(1, Math.floor(taken / GIF_FRAMES));
    const wanted = (step: number): boolean => {
      const done = first * taken + step * count;
      const perSecond = done / ((performance.now() - started) / 1000);
      reporter.progress({ done, total: flags.count * taken, unit: "steps", perSecond });
      return Boolean(flags.gif) && first === 0 && step % every === 0;
    };
    for await (const stage of draw(options, wanted)) {
      const last = stage.step === stage.count;
      calls = stage.calls;
      if (first === 0 && flags.gif) film.push(shown(stage.images, config.data.range));
      if (last) pictures.push(...shown(stage.images, config.data.range));
    }
  }
  disposeState(state);
  latents?.dispose();
  await write(out, pictures, film);
  reporter.close();
  const picture = gridOf(pictures.slice(0, SHOWN));
  reporter.preview((columns) => ansiPreview(picture, { columns }));
  const seconds = (performance.now() - started) / 1000;
  const drawn = `${countOf(flags.count, "picture")}${ofClasses(classes)} in ${formatDuration(seconds)}`;
  const end = { event: "done", out, count: flags.count, seconds, calls, ...classFields(classes) };
  reporter.event(
    end,
    `${drawn}, ${calls} network calls each: ${join(out, "grid.png")}${animationNote(out, film)}`,
  );
  return Exit.done;
}

/** The parts of a run, with the sampler and the spacing that flags name. */
async function partsOf(config: RunConfig, { sampler, spacing }: SampleFlags): Promise<RunParts> {
  return {
    ...(await buildRun(config)),
    ...(sampler ? { sampler: (await makerOf(samplers, pluginSpec(sampler)))() } : {}),
    ...(spacing ? { spacing: (await makerOf(spacings, pluginSpec(spacing)))() } : {}),
  };
}

async function conditionsOf(
  { condition }: RunParts,
  { condition: path, mask, seed, count }: SampleFlags,
  shape: DrawOptions["shape"],
  { data }: RunConfig,
  say: (text: string) => void,
): Promise<Conditions | undefined> {
  if (!condition) {
    if ((path ?? mask) === undefined) return undefined;
    fail(
      "cli/sample",
      `--${path ? "condition" : "mask"} was given, but the network is not conditioned on an image.`,
    );
  }
  if (path === undefined) {
    fail(
      "cli/sample",
      `the network is conditioned on an image (${condition.name}).`,
      "Give --condition PICTURE or FOLDER.",
    );
  }
  return openConditions(path, { condition, shape, data, seed, count, mask, say });
}

/** The animation of the first pictures. */
const ANIMATION = "reverse.gif";

/** Where the animation is, for the last line; empty where there is none. */
function animationNote(out: string, film: readonly unknown[]): string {
  return film.length > 0 ? `; from noise: ${join(out, ANIMATION)}` : "";
}

async function write(out: string, pictures: readonly Pixels[], film: readonly Pixels[][]): Promise<void> {
  await writeFileAtomic(join(out, "grid.png"), png(gridOf(pictures.slice(0, SHOWN))));
  const digits = String(pictures.length - 1).length;
  for (const [i, picture] of pictures.entries()) {
    await writeFileAtomic(join(out, `${String(i).padStart(digits, "0")}.png`), png(picture));
  }
  if (film.length > 0) {
    const frames = film.map((stage) => gridOf(stage.slice(0, GIF_PICTURES)));
    await writeFileAtomic(join(out, ANIMATION), gif(frames, { delayMs: 80 }));
  }
}

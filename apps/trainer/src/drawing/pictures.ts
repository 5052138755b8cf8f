import type { StartedBackend } from "@ddpm/backends/authoring";
import type { Images } from "@ddpm/core";
import type { ImageShape } from "@ddpm/core/authoring";
import type { RunConfig, RunParts } from "@ddpm/runs";
import type { ImageLatents } from "@ddpm/runs/authoring";
import { tokenRows } from "@ddpm/text";
import type { TrainState } from "@ddpm/trainer";
import { grid, type Pixels, reverseStrip, stages, toPixels } from "@ddpm/viz/images";
import { conditionsFrom } from "./condition-images.ts";
import { type DrawOptions, draw } from "./draw.ts";
import { clipRange, symmetric } from "./image-range.ts";

/** A training to draw from. */
export interface PictureOptions {
  readonly config: RunConfig;
  readonly parts: RunParts;
  readonly state: TrainState;
  readonly backend: StartedBackend;
  /** [H, W, C] of the images, or of the latents. */
  readonly shape: ImageShape;
  /** What decodes them, where the network draws latents. */
  readonly latents?: ImageLatents | undefined;
  /** Images to make conditions of, or to take captions from, for a network that is conditioned on one of them. */
  readonly known?: Images;
  /** Called after each step of sampling but the last, with its number and how many there are. */
  readonly onStep?: (step: number, of: number) => void;
}

/** The smallest whole enlargement at which pictures of these sizes can be looked at. */
export function enlargement([, height, width]: Images["shape"]): number {
  return Math.max(1, Math.round(64 / Math.max(height, width)));
}

/** The way from noise to images, and the images themselves. */
export interface Strip {
  /** One row per sample, noise at the left. */
  readonly picture: Pixels;
  /** The samples, [rows, H, W, C]. */
  readonly samples: Images;
}

/** The way from fixed noise to images: the same noise every time in a run. */
export async function drawStrip(options: PictureOptions): Promise<Strip> {
  const { config } = options;
  const { strip, steps, stages: shown } = config.sample;
  const frames: Images[] = [];
  const wantedSteps = new Set(stages(steps, Math.min(shown, steps)).map((i) => i + 1));
  const wanted = reported(options, (step) => wantedSteps.has(step));
  for await (const { images } of draw(drawOptions(options, strip), wanted)) {
    frames.push(images);
  }
  const samples = frames.at(-1)!;
  const inRange = frames.map((frame) => symmetric(frame, config.data));
  return { picture: reverseStrip(inRange, { scale: enlargement(samples.shape) }), samples };
}

/** The images of the grid at the end, on their way and at its end. */
export interface Stages {
  /** [B, H, W, C] */
  readonly images: Images;
  /** Images in a row; default: those of a square grid. */
  readonly columns?: number;
  /** The same after some steps, by their number. */
  readonly stages: ReadonlyMap<number, Images>;
}

/** Threes, each condition, sample and original, in a row. */
const THREES = 4;

/**
 * The samples of the grid at the end, [count, H, W, C]; of a network that is conditioned on an image rows of three: the condition,
 * the sample, and the image that was hidden. In [−1, 1] whatever the run's range.
 *
 * @param wanted numbers of the steps after which the images are kept, too
 */
export async function drawStages(options: PictureOptions, wanted: ReadonlySet<number>): Promise<Stages> {
  const drawn = drawOptions(options, options.config.sample.count);
  const { image } = drawn;
  const { known, config } = options;
  const shown = (images: Images): Images =>
    symmetric(image && known ? inThrees(image, images, known) : images, config.data);
  const stages = new Map<number, Images>();
  let last: Images | undefined;
  const kept = reported(options, (step) => wanted.has(step));
  for await (const { step, count, images } of draw(drawn, kept)) {
    last = images;
    if (step < count) stages.set(step, shown(images));
  }
  return { images: shown(last!), stages, ...(image && known ? { columns: 3 * THREES } : {}) };
}

/** Which steps are wanted, each one reported. */
function reported(
  { onStep }: PictureOptions,
  wanted: (step: number) => boolean,
): (step: number, of: number) => boolean {
  return (step, of) => {
    onStep?.(step, of);
    return wanted(step);
  };
}

/** Pictures of conditions, [B, H, W, C'], samples and originals, [B, H, W, C], in turn. */
function inThrees(conditions: Images, samples: Images, originals: Images): Images {
  const [count, height, width, channels] = samples.shape;
  const size = height * width * channels;
  const depth = conditions.shape[3];
  const data = new Float32Array(3 * count * size);
  for (let k = 0; k < count; k++) {
    const to = 3 * k * size;
    for (let i = 0; i < size; i++) {
      const pixel = k * height * width + Math.floor(i / channels);
      data[to + i] = conditions.data[pixel * depth + (i % channels)]!;
    }
    data.set(samples.data.subarray(k * size, (k + 1) * size), to + size);
    const from = k % originals.shape[0];
    data.set(originals.data.subarray(from * size, (from + 1) * size), to + 2 * size);
  }
  return { data, shape: [3 * count, height, width, channels] };
}

/** The conditions of a training's samples: their classes in turn, the captions of its first images, and the condition image. */
function conditionsOf(
  options: PictureOptions,
  count: number,
): Pick<DrawOptions, "label" | "image" | "prompt"> {
  const { config, parts, shape, known } = options;
  const { classes } = parts.denoiser;
  const label = classes && Array.from({ length: count }, (_, k) => k % classes);
  const conditions =
    parts.condition && known
      ? conditionsFrom(known, {
          condition: parts.condition,
          shape,
          data: config.data,
          seed: config.seed,
        })
      : undefined;
  return {
    ...(label ? { label } : {}),
    ...(conditions ? { image: conditions(0, count) } : {}),
    ...promptsOf(options),
  };
}

/** The captions of a training's first images, for a network that reads captions. */
function promptsOf({ parts: { tokenizer }, known }: PictureOptions): Pick<DrawOptions, "prompt"> {
  if (!tokenizer || !known?.captions) return {};
  return { prompt: { tokens: tokenRows(tokenizer, known.captions).ids, length: tokenizer.length } };
}

function drawOptions(options: PictureOptions, count: number): DrawOptions {
  const { config, parts, state, backend, shape, latents } = options;
  return {
    parts,
    params: state.ema ?? state.params,
    ...{ shape, latents },
    steps: config.sample.steps,
    seed: config.seed,
    first: 0,
    count,
    backend,
    ...conditionsOf(options, count),
    ...clipping(config),
  };
}

/** What clips the predicted x_0 in a run: the range of its images, which latents do not have, or the wrapper that `sample.clip` names. */
export function clipping(config: Pick<RunConfig, "data" | "sample" | "latent">): Pick<DrawOptions, "clip"> {
  const { clip } = config.sample;
  if (clip === false || (clip === true && config.latent)) return {};
  return { clip: clip === true ? { name: "clip", ...clipRange(config) } : clip };
}

/** Images in the range of a run, as pixels. */
export function shown(images: Images, range: "symmetric" | "unit"): Pixels[] {
  return toPixels(symmetric(images, { range }));
}

/** Pictures side by side, large enough to look at; as many columns as make a square where they are left out. */
export function gridOf(pictures: readonly Pixels[], columns?: number): Pixels {
  const { height, width } = pictures[0]!;
  const scale = enlargement([1, height, width, 1]);
  return grid(pictures, { scale, ...(columns === undefined ? {} : { columns }) });
}

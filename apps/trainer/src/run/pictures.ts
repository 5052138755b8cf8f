import type { Images } from "@ddpm/core";
import type { TrainState } from "@ddpm/trainer";
import { type Pixels, reverseStrip, stages } from "@ddpm/viz/images";
import type { StartedBackend } from "../backends/index.ts";
import type { RunConfig } from "../config/schema.ts";
import type { BuiltRun } from "./build.ts";
import { type DrawOptions, draw } from "./draw.ts";

/** A training to draw from. */
export interface PictureOptions {
  readonly config: RunConfig;
  readonly parts: BuiltRun;
  readonly state: TrainState;
  readonly backend: StartedBackend;
  /** [H, W, C] of the images. */
  readonly shape: readonly [height: number, width: number, channels: number];
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
  for await (const { images } of draw(drawOptions(options, strip), (step) => wantedSteps.has(step))) {
    frames.push(images);
  }
  const samples = frames.at(-1)!;
  return { picture: reverseStrip(frames, { scale: enlargement(samples.shape) }), samples };
}

/** The samples of the grid at the end, [count, H, W, C]. */
export async function drawGrid(options: PictureOptions): Promise<Images> {
  let last: Images | undefined;
  const drawing = draw(drawOptions(options, options.config.sample.count), () => false);
  for await (const { images } of drawing) last = images;
  return last!;
}

function drawOptions(options: PictureOptions, count: number): DrawOptions {
  const { config, parts, state, backend, shape } = options;
  return {
    parts,
    params: state.ema ?? state.params,
    shape,
    steps: config.sample.steps,
    seed: config.seed,
    first: 0,
    count,
    backend,
    ...(config.sample.clip ? { clip: clipRange(config) } : {}),
  };
}

/** The range that a run's images lie in. */
export function clipRange({ data }: RunConfig): { min: number; max: number } {
  return data.range === "unit" ? { min: 0, max: 1 } : { min: -1, max: 1 };
}

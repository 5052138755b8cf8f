import { useBackend } from "@ddpm/backends";
import type { Images } from "@ddpm/core";
import { loadCheckpoint } from "@ddpm/runs";
import { openLatents, readRunConfig } from "@ddpm/runs/authoring";
import { fsStorage } from "@ddpm/runs/node";
import { writeFileAtomic } from "@ddpm/runs/node/authoring";
import { disposeState } from "@ddpm/trainer";
import { gif, grid, reverseStrip, stages } from "@ddpm/viz/images";
import { type DrawOptions, draw } from "../drawing/draw.ts";
import { symmetric } from "../drawing/image-range.ts";
import { checkDraws } from "../drawing/open-model.ts";
import { clipping, enlargement } from "../drawing/pictures.ts";
import { asUsage } from "../output/usage.ts";
import { buildRun } from "../run/build.ts";
import { type PictureFlags, showPicture } from "./picture.ts";

/** Flags of `ddpm show reverse`. */
export interface ReverseFlags extends PictureFlags {
  readonly count: number;
  readonly stages: number;
  readonly steps?: number;
  readonly seed: number;
  readonly gif?: string;
  readonly backend: string;
  readonly threads?: number;
}

/** Draws pictures of a run at some stages of their sampling, a row each, and where asked as an animation. */
export async function drawReverse(run: string, flags: ReverseFlags): Promise<void> {
  const frames = await reverseFrames(run, flags);
  const scale = enlargement(frames[0]!.shape);
  if (flags.gif) {
    const film = frames.map((frame) => grid(frame, { scale }));
    await writeFileAtomic(flags.gif, gif(film, { delayMs: 120 }));
  }
  await showPicture(flags, reverseStrip(frames, { scale }));
}

async function reverseFrames(run: string, flags: ReverseFlags): Promise<Images[]> {
  const config = await asUsage(() => readRunConfig(fsStorage(run)));
  const parts = await asUsage(() => buildRun(config));
  await asUsage(() => checkDraws("show reverse", parts));
  const steps = flags.steps ?? config.sample.steps;
  const chosen = await asUsage(() => new Set(stages(steps, flags.stages).map((i) => i + 1)));
  const backend = await asUsage(() => useBackend(flags.backend, flags));
  const { state, meta } = await asUsage(() => loadCheckpoint(fsStorage(run)));
  const latents = await asUsage(() => openLatents(fsStorage(run), config, parts, backend.compile));
  const options: DrawOptions = {
    ...{ parts, latents },
    params: state.ema ?? state.params,
    shape: meta.shape as DrawOptions["shape"],
    steps,
    seed: flags.seed,
    first: 0,
    count: flags.count,
    backend,
    ...clipping(config),
  };
  const frames: Images[] = [];
  for await (const { images } of draw(options, (step) => chosen.has(step)))
    frames.push(symmetric(images, config.data));
  disposeState(state);
  latents?.dispose();
  return frames;
}

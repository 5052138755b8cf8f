import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Images, random } from "@ddpm/core";
import { writeFileAtomic } from "@ddpm/runs/node/authoring";
import { forwardStrip, png, stages } from "@ddpm/viz/images";
import { symmetric } from "../../drawing/image-range.ts";
import { noised, noiseIn } from "../../drawing/noised.ts";
import { enlargement } from "../../drawing/pictures.ts";
import { curvesOf } from "../../drawing/schedule-curves.ts";
import type { Watched } from "./observer.ts";

/** Images in the strip, and its stages. */
const ROWS = 3;
const STAGES = 8;

/** Times at which a schedule without steps may be looked at. */
const POINTS = 1000;

/**
 * What can be shown before anything is learned: the schedule (`schedule.svg`), and training images on their way into
 * noise, with the noise itself beneath (`forward.png`); where latents are noised, the images that they decode to. Draws nothing that is there.
 */
export async function opening(
  { folder, config, parts, latents }: Pick<Watched, "folder" | "config" | "parts" | "latents">,
  training: Images,
): Promise<void> {
  const { schedule } = parts;
  const [chartPath, stripPath] = [join(folder.path, "schedule.svg"), join(folder.path, "forward.png")];
  if (!existsSync(chartPath)) {
    const { scheduleChart } = await import("@ddpm/viz/charts");
    await writeFileAtomic(chartPath, scheduleChart([curvesOf(schedule.name, schedule)]));
  }
  if (existsSync(stripPath)) return;
  const [count, height, width, channels] = training.shape;
  const rows = Math.min(ROWS, count);
  const images: Images = {
    data: training.data.subarray(0, rows * height * width * channels),
    shape: [rows, height, width, channels],
  };
  const steps = schedule.steps ?? POINTS;
  const shown = Math.min(STAGES, steps + 1);
  const times = stages(steps + 1, shown).map((i) => i / steps);
  const clean = latents ? await latents.encode(images) : images;
  const frames = noised(clean, schedule, times, random(config.seed));
  const scale = enlargement(images.shape);
  if (latents) {
    const decoded: Images[] = [];
    for (const frame of frames) decoded.push(await latents.decode(frame));
    await writeFileAtomic(stripPath, png(forwardStrip(decoded, { scale })));
    return;
  }
  const noise = noiseIn(frames, images, schedule, times);
  const inRange = frames.map((frame) => symmetric(frame, config.data));
  await writeFileAtomic(stripPath, png(forwardStrip(inRange, { noise, scale })));
}

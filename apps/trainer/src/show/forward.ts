import { random } from "@ddpm/core";
import { schedules } from "@ddpm/schedules";
import { forwardStrip, stages } from "@ddpm/viz/images";
import { pluginSpec } from "../config/plugin-spec.ts";
import { makerOf } from "../config/user-plugins.ts";
import { noised, noiseIn } from "../drawing/noised.ts";
import { enlargement } from "../drawing/pictures.ts";
import { asUsage } from "../output/usage.ts";
import { type DataFlags, firstImages, showPicture } from "./picture.ts";

/** Flags of `ddpm show forward`. */
export interface ForwardFlags extends DataFlags {
  readonly stages: number;
  readonly schedule: string;
  readonly noise?: boolean;
}

/** Times at which a schedule without steps may be looked at. */
const POINTS = 1000;

/** Draws images of a data set at falling signal-to-noise ratios, a row each. */
export async function drawNoised(source: string, flags: ForwardFlags): Promise<void> {
  const schedule = await asUsage(async () => (await makerOf(schedules, pluginSpec(flags.schedule)))());
  const steps = schedule.steps ?? POINTS;
  const times = await asUsage(() => stages(steps + 1, flags.stages).map((i) => i / steps));
  const images = await asUsage(() => firstImages(source, flags));
  const frames = noised(images, schedule, times, random(flags.seed));
  const scale = enlargement(images.shape);
  const noise = flags.noise ? { noise: noiseIn(frames, images, schedule, times) } : {};
  await showPicture(flags, forwardStrip(frames, { scale, ...noise }));
}

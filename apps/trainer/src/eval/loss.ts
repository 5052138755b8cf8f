import { type Dataset, type Params, random } from "@ddpm/core";
import { type Estimate, fingerprint, type LossByTime, type LossSample, lossByTime } from "@ddpm/metrics";
import type { Model } from "../run/open-model.ts";
import { type HeldOutBound, heldOutBound } from "./bound.ts";
import { type DrawJudge, errorsOf, type HeldOutDraw, wholeStep } from "./draws.ts";
import { someImages } from "./reference.ts";

/** Images that the losses are measured on, at most. */
const IMAGES = 256;
/** Times that each of them is asked at. */
const TIMES = 8;
/** Parts of (0, 1] that the loss is told for. */
const BUCKETS = 8;

/** What a network makes of images that it never saw. */
export interface HeldOutLosses {
  readonly loss: LossByTime;
  /** Where the schedule is a chain of steps, and images are grey levels in [−1, 1]. */
  readonly bound: HeldOutBound | undefined;
  /** Why there is no bound. */
  readonly note: string | undefined;
}

/**
 * The ε-loss by time and the bits per dimension, on the same images, times and noise for every network.
 *
 * @param params weights to judge
 */
export async function heldOutLosses(
  { config, parts, backend }: Model,
  params: Params,
  heldOut: Dataset,
  seed: number,
): Promise<HeldOutLosses> {
  const { schedule, denoiser } = parts;
  const unit = config.data.range === "unit";
  const read = await someImages(heldOut, IMAGES);
  const images = unit ? { ...read, data: read.data.map((value) => (value + 1) / 2) } : read;
  const judge: DrawJudge = {
    ...{ parts, params, images, seed },
    variance: denoiser.learnsVariance ? "learned-range" : varianceOf(config.sample.sampler),
    clip: config.sample.clip !== false,
    compile: backend.compile,
  };
  const draws = timesOf(images.shape[0], schedule.steps, seed);
  const { eps } = await errorsOf(judge, draws);
  const samples = draws.map(({ image, time }, k): LossSample => ({ image, time, loss: eps[k]! }));
  const shown = `${heldOut.fingerprint} ${images.shape[0]} ${seed}`;
  const of = fingerprint("eps-loss", shown, JSON.stringify([config.schedule, config.data.range]));
  const loss = lossByTime(middle(samples, schedule.steps), { buckets: BUCKETS, of });
  const note =
    schedule.steps === undefined || schedule.steps < 2
      ? `Bits per dimension take a chain of steps; ${schedule.name} has none.`
      : unit
        ? "Bits per dimension take images in [-1, 1]; the run's are in [0, 1]."
        : undefined;
  const bound =
    note === undefined
      ? await heldOutBound(judge, schedule.steps!, fingerprint("bits", shown, String(judge.clip)))
      : undefined;
  return { loss, bound, note };
}

/** Rows of the table. */
export function estimatesOf({ loss, bound }: HeldOutLosses): Estimate[] {
  return [
    { ...loss.total, metric: "eps-loss" },
    ...loss.buckets.map(({ from, to, ...one }) => ({ ...one, metric: `eps-loss/${from}-${to}` })),
    ...(bound ? [bound.total, bound.prior, bound.chain, bound.decoder] : []),
  ];
}

/** Every image once in every part of the times. */
function timesOf(count: number, steps: number | undefined, seed: number): HeldOutDraw[] {
  return Array.from({ length: count }, (_, image) => {
    const stream = random(seed).fork("eval/times").fork(image);
    return Array.from({ length: TIMES }, (__, part): HeldOutDraw => {
      const time = wholeStep((part + 1 - stream.uniform()) / TIMES, steps);
      return { image, time };
    });
  }).flat();
}

/** A step's place in its bucket: in the middle of what it stands for, so that the last step of a bucket belongs to it. */
function middle(samples: readonly LossSample[], steps: number | undefined): LossSample[] {
  const back = steps === undefined ? 0 : 1 / (2 * steps);
  return samples.map((one) => ({ ...one, time: one.time - back }));
}

/** What the run's own sampler takes for the variance, where it is one that has it. */
function varianceOf(sampler: Model["config"]["sample"]["sampler"]): "fixed-small" | "fixed-large" {
  return typeof sampler === "object" && "variance" in sampler && sampler.variance === "fixed-large"
    ? "fixed-large"
    : "fixed-small";
}

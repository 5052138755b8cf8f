import { formatEstimate, formatRate } from "@ddpm/core/authoring";
import { trainingLoopOptions } from "@ddpm/runs";
import { firstState } from "@ddpm/runs/authoring";
import { fsStorage } from "@ddpm/runs/node";
import { disposeState, type TrainState, trainingLoop } from "@ddpm/trainer";
import type { TrainProgress } from "@ddpm/trainer/authoring";
import type { Reporter } from "../../output/reporter.ts";
import type { Prepared } from "../prepare.ts";

/** Updates that are timed, after the first. */
const UPDATES = 4;

/** Seconds after which fewer updates must do. */
const ENOUGH_SECONDS = 10;

/** What an estimate follows from. */
interface Pace {
  readonly images: number;
  readonly imagesPerSecond: number;
}

/**
 * The pace of a training once it is known: some updates after the first, which compiles.
 *
 * @returns to be called with each progress; the pace, once
 */
function paceOf(): (progress: TrainProgress) => Pace | undefined {
  let first: { readonly step: number; readonly at: number } | undefined;
  let done = false;
  return ({ images, step, imagesPerSecond }) => {
    first ??= { step, at: performance.now() };
    if (done || imagesPerSecond === undefined) return undefined;
    if (step - first.step < UPDATES && performance.now() - first.at < 1000 * ENOUGH_SECONDS) return undefined;
    done = true;
    return { images, imagesPerSecond };
  };
}

/** Reports once, when the speed is known, how long the rest of the training takes. */
export function estimates(
  { config }: Pick<Prepared, "config">,
  reporter: Reporter,
): (progress: TrainProgress) => void {
  const measure = paceOf();
  return (progress) => {
    const pace = measure(progress);
    if (pace) tellEstimate(config.train, pace, reporter);
  };
}

function tellEstimate(
  { images: total, minutes }: Prepared["config"]["train"],
  { images, imagesPerSecond }: Pace,
  reporter: Reporter,
): void {
  const seconds = (total - images) / imagesPerSecond;
  const stops = minutes !== undefined && 60 * minutes < seconds;
  const limit = stops ? `; it stops after ${minutes} ${minutes === 1 ? "minute" : "minutes"}` : "";
  reporter.event(
    { event: "estimate", seconds, imagesPerSecond },
    `  time        ${formatEstimate(seconds)} on this machine (${formatRate(imagesPerSecond, "images")})${limit}`,
  );
}

/** Makes a few updates of a training without writing anything, and reports how long all of it takes. */
export async function estimateTime(prepared: Prepared, reporter: Reporter): Promise<void> {
  const { config, parts, backend, stream, resumed } = prepared;
  const state: TrainState = resumed ?? (await firstState(config, parts, fsStorage));
  const signal = { aborted: state.images >= config.train.images };
  const measure = paceOf();
  const onProgress = (progress: TrainProgress): void => {
    const pace = measure(progress);
    if (!pace) return;
    signal.aborted = true;
    tellEstimate(config.train, { ...pace, images: state.images }, reporter);
  };
  const given = { parts, images: stream, state, signal, onProgress, compile: backend.compile };
  const options = { ...trainingLoopOptions(config, given), every: {}, progressSeconds: 0 };
  for await (const event of trainingLoop({ ...options, logEvery: Number.MAX_SAFE_INTEGER }))
    if (event.type === "done") disposeState(event.state);
}

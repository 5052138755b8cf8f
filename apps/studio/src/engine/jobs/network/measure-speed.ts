import { type Dataset, random } from "@ddpm/core";
import type { ImageShape } from "@ddpm/core/authoring";
import { imageStream } from "@ddpm/data";
import type { RunConfig } from "@ddpm/runs";
import { buildParts } from "@ddpm/runs";
import { disposeState, trainingLoop } from "@ddpm/trainer";
import { checkDevice, currentBackend } from "../../backends/current.ts";
import type { Job } from "../../job.ts";
import { multiplyAddsOf } from "./describe-network.ts";

export interface SpeedInput {
  readonly config: RunConfig;
  /** Of the images: [H, W, C]. */
  readonly shape: ImageShape;
}

/** How fast a network learns here, by trial. */
export interface MeasuredSpeed {
  /** Of an update, once the first ones are over. */
  readonly seconds: number;
  /** Of the first update, which prepares the others. */
  readonly first: number;
  /** Updates that were timed after the first two. */
  readonly updates: number;
  /** Products of one image through the network. */
  readonly multiplyAdds: number;
}

/** Updates that are not timed: the first one records, the second may still warm up. */
const WARM = 2;
/** Updates that are timed at most, and the time after which no more are begun. */
const TIMED = 8;
const PATIENCE = 4;

/**
 * Trains the very network on the backend that runs, a few updates on noise, and throws the result away: what an
 * update takes does not depend on what is in the images. It can be stopped between updates.
 */
export const measureSpeed: Job<SpeedInput, MeasuredSpeed> = async ({ config, shape }, { signal }) => {
  const chosen = await currentBackend();
  const { ema, ...parts } = buildParts(config);
  const { batch, labelDropout } = config.train;
  const { compile } = chosen.backend;
  const events = trainingLoop({
    ...parts,
    ...(ema ? { ema } : {}),
    ...{ batch, labelDropout, signal },
    images: imageStream(noiseSet(shape, parts.denoiser.classes), { seed: 0 }),
    seed: 0,
    until: (WARM + TIMED) * batch,
    // A loss is read after each, so that the clock stops when the update is done.
    logEvery: batch,
    ...(compile ? { compile } : {}),
  });
  const times: number[] = [];
  let began = performance.now();
  const start = began;
  for await (const event of events) {
    checkDevice(chosen);
    if (event.type === "done") {
      disposeState(event.state);
      break;
    }
    times.push((performance.now() - began) / 1000);
    if (times.length > WARM && (performance.now() - start) / 1000 > PATIENCE) break;
    began = performance.now();
  }
  if (times.length === 0) throw new Error("Stopped before anything was measured.");
  const timed = times.length > WARM ? times.slice(WARM) : times.slice(-1);
  const middle = timed.toSorted((a, b) => a - b)[Math.floor(timed.length / 2)]!;
  const multiplyAdds = multiplyAddsOf(parts.denoiser, shape);
  return { seconds: middle, first: times[0]!, updates: timed.length, multiplyAdds };
};

/** Images of noise, with labels where the network takes some. */
function noiseSet(shape: SpeedInput["shape"], classes: number | undefined): Dataset {
  const stream = random(0).fork("trial");
  const pixels = Uint8Array.from({ length: shape[0] * shape[1] * shape[2] }, () => 256 * stream.uniform());
  return {
    name: "noise",
    length: 64,
    shape,
    fingerprint: "noise",
    image: (index) => (classes === undefined ? { pixels } : { pixels, label: index % classes }),
    ...(classes === undefined ? {} : { classes: Array.from({ length: classes }, (_, k) => String(k)) }),
  };
}

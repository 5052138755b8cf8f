import {
  appendLog,
  buildParts,
  type RunConfig,
  readLog,
  saveCheckpoint,
  trainingLoopOptions,
} from "@ddpm/runs";
import {
  checkpointMeta,
  type LogRow,
  rateAfter,
  readRecoveries,
  readRunConfig,
  resumeRun,
  truncateLog,
  writeRunConfig,
} from "@ddpm/runs/authoring";
import { disposeState, type TrainState, trainingLoop } from "@ddpm/trainer";
import { grid, png } from "@ddpm/viz/images";
import { checkDevice, currentBackend } from "../../backends/current.ts";
import { type Pictures, tilesOf } from "../../images.ts";
import type { Job } from "../../job.ts";
import { type DataFile, keepData } from "../../store/data-files.ts";
import { freeName, runStorage, writeSamples } from "../../store/runs.ts";
import { imagesOfRun } from "../data/run-images.ts";
import { multiplyAddsOf } from "../network/describe-network.ts";
import { keepRate, letRateChange } from "./change-rate.ts";
import { fixedNoise } from "./fixed-noise.ts";
import { liveRate } from "./live-rate.ts";

export type TrainInput =
  | { readonly begin: RunConfig; readonly files?: readonly DataFile[] }
  | { readonly resume: string; readonly until?: number };

export type TrainingEvent =
  | {
      readonly type: "begun";
      readonly run: string;
      readonly config: RunConfig;
      /** What was logged before it was last stopped. */
      readonly log: LossLog;
      /** Products of one image through the network: what its speed is compared by. */
      readonly multiplyAdds: number;
    }
  | {
      readonly type: "step";
      readonly images: number;
      readonly loss: number;
      readonly learningRate: number;
      readonly perSecond: number;
    }
  | { readonly type: "samples"; readonly images: number; readonly pictures: Pictures }
  | { readonly type: "saved"; readonly images: number };

/** A log as arrays that can be transferred: rows of many fields would take the page long to unpack. */
export interface LossLog {
  readonly images: Float64Array<ArrayBuffer>;
  readonly loss: Float64Array<ArrayBuffer>;
}

export interface TrainResult {
  readonly run: string;
  readonly images: number;
}

/** Checkpoints kept of a run. */
const KEEP = 2;

/** Trains a run, from the start or from its checkpoint, until it is done or the page says stop. */
export const train: Job<TrainInput, TrainResult, TrainingEvent> = async (input, { emit, signal }) => {
  const chosen = await currentBackend();
  const { run, config } = await opened(input);
  const parts = buildParts(config);
  const images = await imagesOfRun(run, config);
  const storage = runStorage(run);
  const resumed =
    "resume" in input ? await resumeRun(storage, config, { ...images, decodes: false }) : undefined;
  const state = resumed?.state;
  await truncateLog(storage, state?.images ?? 0);
  const log = lossLog(await readLog(storage));
  const unsaved: LogRow[] = [];
  const multiplyAdds = multiplyAddsOf(parts.denoiser, images.shape);
  emit({ type: "begun", run, config, log, multiplyAdds }, [log.images.buffer, log.loss.buffer]);

  const rate = liveRate(config, state?.images ?? 0);
  letRateChange(run, rate);
  const save = async (now: TrainState): Promise<void> => {
    await writeRunConfig(storage, rate.config());
    await appendLog(storage, ...unsaved.splice(0));
    // Browsers decode images in their own way: the `ddpm` command compares the length and shape instead.
    const read = { length: images.length, reader: "browser" };
    const meta = { ...checkpointMeta(rate.config(), parts, images), ...read };
    await saveCheckpoint(storage, now, meta, { keep: KEEP });
    emit({ type: "saved", images: now.images });
  };
  const { compile } = chosen.backend;
  const learningRate = rateAfter(await readRecoveries(storage), rate.learningRate);
  const given = { parts: { ...parts, learningRate }, images, compile, state, signal };
  const events = trainingLoop(trainingLoopOptions(config, given));
  let seen = state?.images ?? 0;
  try {
    for await (const event of events) {
      checkDevice(chosen);
      if (event.type === "done") {
        if (!signal.aborted) await save(event.state);
        seen = event.images;
        disposeState(event.state);
      } else if (event.type === "step") {
        const { type: _, imagesPerSecond: perSecond, ...row } = event;
        unsaved.push(row);
        const { images: at, loss, learningRate } = row;
        emit({ type: "step", images: at, loss, learningRate, perSecond });
      } else if (event.what === "samples") {
        const pictures = await fixedNoise(event.state, parts, images.shape, config);
        const sheet = grid(tilesOf(pictures), { columns: pictures.count, scale: 4 });
        await writeSamples(run, event.images, png(sheet));
        emit({ type: "samples", images: event.images, pictures }, [pictures.data.buffer]);
      } else if (event.what === "checkpoint") await save(event.state);
    }
    return { run, images: seen };
  } finally {
    keepRate(run);
  }
};

/** The run to train: a new folder with its configuration and data, or one that is there. */
async function opened(input: TrainInput): Promise<{ readonly run: string; readonly config: RunConfig }> {
  if ("begin" in input) {
    const run = await freeName(input.begin.name);
    const config = { ...input.begin, name: run };
    await writeRunConfig(runStorage(run), config);
    if (input.files) await keepData(run, input.files);
    return { run, config };
  }
  const { resume: run, until } = input;
  const begun = await readRunConfig(runStorage(run));
  if (until === undefined) return { run, config: begun };
  const config: RunConfig = { ...begun, train: { ...begun.train, images: until } };
  await writeRunConfig(runStorage(run), config);
  return { run, config };
}

function lossLog(rows: readonly LogRow[]): LossLog {
  const known = rows.filter(({ loss }) => typeof loss === "number");
  return {
    images: Float64Array.from(known, ({ images }) => images),
    loss: Float64Array.from(known, ({ loss }) => loss as number),
  };
}

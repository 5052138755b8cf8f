import { type Dataset, random } from "@ddpm/core";
import { imageStream, shapes } from "@ddpm/data";
import { type GivenFile, openFiles } from "@ddpm/data/browser";
import { ddim, denoiseWith, lastOf, sample, wrappers } from "@ddpm/diffusion";
import { even, trailing } from "@ddpm/schedules";
import { disposeState, type TrainState, train } from "@ddpm/trainer";
import { grid, png } from "@ddpm/viz/images";
import * as tf from "@tensorflow/tfjs-core";
import { buildRun, type RunParts } from "../../model/build-run.ts";
import type { RunConfig } from "../../model/run-config.ts";
import { checkDevice, currentBackend } from "../backends/current.ts";
import { type Pictures, picturesOf, tilesOf } from "../images.ts";
import type { Job } from "../protocol.ts";
import { loadState, saveCheckpoint } from "../store/checkpoint.ts";
import {
  freeName,
  imagesSeen,
  keepData,
  keptData,
  type LogRow,
  readConfig,
  readLog,
  writeConfig,
  writeLog,
  writeSamples,
} from "../store/runs.ts";

export type TrainInput =
  | { readonly begin: RunConfig; readonly files?: readonly GivenFile[] }
  | { readonly resume: string; readonly until?: number; readonly rate?: number };

export type TrainingEvent =
  | {
      readonly type: "begun";
      readonly run: string;
      readonly config: RunConfig;
      readonly log: readonly LogRow[];
    }
  | { readonly type: "step"; readonly row: LogRow; readonly perSecond: number }
  | { readonly type: "samples"; readonly images: number; readonly pictures: Pictures }
  | { readonly type: "saved"; readonly images: number };

export interface TrainResult {
  readonly run: string;
  readonly images: number;
}

/** Pictures of the fixed noise, and the steps to draw them in. */
const SAMPLES = 8;
const SAMPLE_STEPS = 10;

/** Trains a run, from the start or from its checkpoint, until it is done or the page says stop. */
export const trainJob: Job<"train"> = async (input, { emit, signal }) => {
  const chosen = await currentBackend();
  const { run, config } = await opened(input);
  const parts = buildRun(config);
  const dataset = await datasetOf(run, config);
  const images = imageStream(dataset, { seed: config.seed });
  const rows = await readLog(run, await imagesSeen(run));
  emit({ type: "begun", run, config, log: rows });

  // The notes that the `ddpm` command looks for when it goes on.
  const meta = { config, stream: images.fingerprint, shape: [...images.shape] };
  const save = async (state: TrainState): Promise<void> => {
    await writeLog(run, rows);
    await saveCheckpoint(run, state, meta);
    emit({ type: "saved", images: state.images });
  };
  const { compile } = chosen.backend;
  const { batch, images: until, labelDropout } = config.train;
  const { log, samples, checkpoint } = config.every;
  const events = train({
    ...parts,
    ...{ images, batch, until, labelDropout, signal },
    seed: config.seed,
    logEvery: log,
    every: { samples, checkpoint },
    ...(rows.length > 0 || "resume" in input ? await resumed(run) : {}),
    ...(compile ? { compile } : {}),
  });
  for (;;) {
    const next = await events.next();
    checkDevice(chosen);
    if (next.done) {
      if (!signal.aborted) await save(next.value);
      const seen = next.value.images;
      disposeState(next.value);
      return { run, images: seen };
    }
    const event = next.value;
    if (event.type === "step") {
      const { type: _, imagesPerSecond, ...row } = event;
      rows.push(row);
      emit({ type: "step", row, perSecond: imagesPerSecond });
    } else if (event.what === "samples") {
      const pictures = await drawn(event.state, parts, images.shape, config.seed);
      await writeSamples(
        run,
        event.images,
        png(grid(tilesOf(pictures), { columns: pictures.count, scale: 4 })),
      );
      emit({ type: "samples", images: event.images, pictures }, [pictures.data.buffer]);
    } else await save(event.state);
  }
};

/** The run to train: a new folder with its configuration and data, or one that is there. */
async function opened(input: TrainInput): Promise<{ readonly run: string; readonly config: RunConfig }> {
  if ("begin" in input) {
    const run = await freeName(input.begin.name);
    const config = { ...input.begin, name: run };
    await writeConfig(run, config);
    if (input.files) await keepData(run, input.files);
    return { run, config };
  }
  const { resume: run, until, rate } = input;
  const config = await readConfig(run);
  const changed: RunConfig = {
    ...config,
    train: {
      ...config.train,
      ...(until === undefined ? {} : { images: until }),
      ...(rate === undefined ? {} : { learningRate: { name: "constant", rate } }),
    },
  };
  await writeConfig(run, changed);
  return { run, config: changed };
}

async function resumed(run: string): Promise<{ readonly state?: TrainState }> {
  return (await imagesSeen(run)) > 0 ? { state: (await loadState(run)).state } : {};
}

async function datasetOf(run: string, { data }: RunConfig): Promise<Dataset> {
  const { source, range: _, size, ...rest } = data;
  const files = await keptData(run);
  if (files) return openFiles(files, size === undefined ? {} : { size });
  if (source !== "shapes") {
    throw new Error(
      `The images of this run (${source}) are not here. It can be sampled, but not trained on.`,
    );
  }
  return shapes({ ...(size === undefined ? {} : { size }), ...rest });
}

/** Pictures from one fixed noise, by the averaged weights. */
async function drawn(
  { params, ema }: TrainState,
  { denoiser, parameterization, schedule }: RunParts,
  shape: readonly [number, number, number],
  seed: number,
): Promise<Pictures> {
  const { classes } = denoiser;
  const condition =
    classes === undefined
      ? {}
      : {
          labels: tf.tensor1d(
            Array.from({ length: SAMPLES }, (_, k) => k % classes),
            "int32",
          ),
        };
  const denoise = denoiseWith({ denoiser, params: ema ?? params, parameterization, schedule, condition });
  const spacing = schedule.steps ? trailing() : even();
  const images = await lastOf(
    sample({
      denoise: wrappers.create("clip")(denoise),
      schedule,
      sampler: ddim(),
      times: spacing.times(SAMPLE_STEPS, schedule),
      shape: [SAMPLES, ...shape],
      random: random(seed).fork("sample"),
      selfCondition: denoiser.takesGuess ?? false,
    }),
  );
  const pictures = await picturesOf(images);
  tf.dispose([images, condition as tf.TensorContainer]);
  return pictures;
}

import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Images } from "@ddpm/core";
import type { StepEvent, TrainEvent, TrainState } from "@ddpm/trainer";
import {
  appendLog,
  type LogRow,
  readLog,
  saveCheckpoint,
  truncateLog,
  writeFileAtomic,
} from "@ddpm/trainer/node";
import { ansiPreview, grid, png } from "@ddpm/viz/images";
import type { ChosenBackend } from "../backends/index.ts";
import type { RunConfig } from "../config/schema.ts";
import type { Reporter } from "../output/reporter.ts";
import type { BuiltRun } from "./build.ts";
import type { RunFolder } from "./folder.ts";
import { drawGrid, drawStrip, enlargement } from "./pictures.ts";

/** Writes down what a training does: log, checkpoints, pictures; and tells the reporter. */
export interface Recorder {
  event(event: TrainEvent): Promise<void>;
  /** Cuts the log back to where the run goes on. */
  resumeAt(images: number): Promise<void>;
  /** Saves the last state, however training ended. */
  end(state: TrainState): Promise<void>;
  /** Draws the pictures of a finished run. */
  finish(state: TrainState): Promise<void>;
}

export interface RecorderOptions {
  readonly folder: RunFolder;
  readonly config: RunConfig;
  readonly parts: BuiltRun;
  readonly backend: ChosenBackend;
  readonly reporter: Reporter;
  /** [H, W, C] of the images. */
  readonly shape: readonly [height: number, width: number, channels: number];
  /** Of the image stream: a resumed run must see the same one. */
  readonly fingerprint: string;
  /** Images to make conditions of, for a network that goes by one. */
  readonly known?: Images;
}

/** Log lines that the smoothed curve of the loss averages over, at least. */
const SMOOTHED = 15;

/** See {@link Recorder}. */
export function recorder(options: RecorderOptions): Recorder {
  const { folder, config, parts, backend, reporter, fingerprint, shape, known } = options;
  const pictured = { config, parts, backend, shape, ...(known ? { known } : {}) };
  let saved = -1;

  const preview = (samples: Images): void =>
    reporter.preview((columns) => ansiPreview(grid(samples, { padding: 1, columns: 8 }), { columns }));
  const save = async (state: TrainState): Promise<void> => {
    if (state.images === saved) return;
    const meta = { config, stream: fingerprint, shape: [...shape] };
    const { path, images } = await saveCheckpoint(folder.path, state, meta, { keep: config.every.keep });
    saved = images;
    reporter.event({ event: "checkpoint", path, images }, `checkpoint at ${images} images: ${path}`);
  };
  const step = async (event: StepEvent): Promise<void> => {
    const { type: _, imagesPerSecond, ...row } = event;
    await appendLog(folder.log, row as LogRow);
    reporter.event({ event: "step", ...row, imagesPerSecond });
    reporter.progress({
      done: event.images,
      total: config.train.images,
      unit: "images",
      perSecond: imagesPerSecond,
      note: `loss ${event.loss.toPrecision(3)}`,
    });
  };
  const strip = async (state: TrainState): Promise<void> => {
    const { picture, samples } = await drawStrip({ ...pictured, state });
    const path = join(folder.samples, `${String(state.images).padStart(12, "0")}.png`);
    await writeFileAtomic(path, png(picture));
    preview(samples);
    reporter.event(
      { event: "samples", path, images: state.images },
      `samples at ${state.images} images: ${path}`,
    );
  };
  const chart = async (): Promise<void> => {
    const rows = await readLog(folder.log);
    if (rows.length < 2) return;
    const curve = { images: rows.map(({ images }) => images), loss: rows.map(({ loss }) => loss as number) };
    const { lossChart } = await import("@ddpm/viz/charts");
    const smoothing = Math.max(0, Math.min(0.97, 1 - SMOOTHED / rows.length));
    await writeFileAtomic(folder.lossChart, lossChart(curve, { smoothing }));
  };

  return {
    async event(event) {
      if (event.type === "step") return step(event);
      if (event.what === "checkpoint") return save(event.state);
      await strip(event.state);
      await chart();
    },
    async resumeAt(images) {
      saved = images;
      if (existsSync(folder.log)) await truncateLog(folder.log, images);
    },
    async end(state) {
      await save(state);
      await chart();
    },
    async finish(state) {
      const { images: pictures, columns } = await drawGrid({ ...pictured, state });
      const path = folder.finalGrid;
      const scale = enlargement(pictures.shape);
      const picture = grid(pictures, columns ? { scale, columns } : { scale });
      await writeFileAtomic(path, png(picture));
      preview(pictures);
      reporter.event(
        { event: "samples", path, images: state.images },
        columns
          ? `what the network went by, samples and originals: ${path}`
          : `${pictures.shape[0]} samples: ${path}`,
      );
    },
  };
}

import type { Denoise } from "@ddpm/core";
import { denoiseWith, l2, parameterizations, simple } from "@ddpm/diffusion";
import { type AnySpec, createBuiltIn } from "@ddpm/runs/authoring";
import { schedules, uniform } from "@ddpm/schedules";
import { adamw, constantRate, type TrainState, trainingLoop, warmupEma } from "@ddpm/trainer";
import { mlp } from "@ddpm/unet";
import { checkDevice, currentBackend } from "../../backends/current.ts";
import type { Job } from "../../job.ts";
import { pointStream } from "./point-stream.ts";
import { keepTrained } from "./trained.ts";
import { type PointsView, type PointsViewInput, viewOf } from "./view-points.ts";

export interface PointsInput {
  /** Clean points, x and y in turn, of variance about 1. */
  readonly points: Float32Array;
  readonly schedule: AnySpec;
  readonly parameterization: string;
  readonly width: number;
  readonly layers: number;
  readonly rate: number;
  readonly batch: number;
  /** Points to be seen in all. */
  readonly until: number;
  readonly seed: number;
  readonly view: PointsViewInput;
}

export type PointsEvent =
  | { readonly type: "step"; readonly seen: number; readonly loss: number; readonly perSecond: number }
  | { readonly type: "view"; readonly seen: number; readonly view: PointsView };

export interface PointsResult {
  readonly seen: number;
  readonly seconds: number;
}

/** Trains a small network on points in the plane and shows what it has learned so far. */
export const trainPoints: Job<PointsInput, PointsResult, PointsEvent> = async (input, { emit, signal }) => {
  const chosen = await currentBackend();
  const { compile } = chosen.backend;
  const schedule = createBuiltIn(schedules, input.schedule);
  const parameterization = parameterizations.create(input.parameterization);
  const denoiser = mlp({ width: input.width, layers: input.layers });
  const denoise = ({ params, ema }: TrainState): Denoise =>
    denoiseWith({ denoiser, params: ema ?? params, parameterization, schedule });
  const started = performance.now();
  const events = trainingLoop({
    ...{ denoiser, parameterization, schedule, signal },
    times: uniform(),
    loss: l2(),
    weight: simple(),
    images: pointStream(input.points, input.seed),
    batch: input.batch,
    optimizer: adamw(),
    learningRate: constantRate({ rate: input.rate }),
    ema: warmupEma(),
    clip: 1,
    seed: input.seed,
    until: input.until,
    logEvery: 10 * input.batch,
    every: { view: Math.max(input.batch, Math.ceil(input.until / 12)) },
    ...(compile ? { compile } : {}),
  });
  for await (const event of events) {
    checkDevice(chosen);
    if (event.type === "done") {
      keepTrained({ state: event.state, schedule, denoise });
      return { seen: event.images, seconds: (performance.now() - started) / 1000 };
    }
    if (event.type === "step") {
      const { images: seen, loss, imagesPerSecond: perSecond } = event;
      emit({ type: "step", seen, loss, perSecond });
    } else {
      const view = await viewOf(denoise(event.state), schedule, input.view);
      emit({ type: "view", seen: event.images, view });
    }
  }
  throw new Error("a training ends with a done event");
};

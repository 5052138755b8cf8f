import type { Dataset, ImageStream } from "@ddpm/core";
import { imageStream } from "@ddpm/data";
import { l2, simple } from "@ddpm/diffusion";
import { uniform } from "@ddpm/schedules";
import {
  adam,
  cosineRate,
  type TrainingLoopOptions as LoopOptions,
  type TrainState,
  trainingLoop,
  warmupEma,
} from "@ddpm/trainer";
import type { DueEvent, StepEvent } from "@ddpm/trainer/authoring";
import { currentCompile } from "./compile.ts";
import type { Model, TrainedModel } from "./model.ts";
import { type Run, runOf } from "./run.ts";

/**
 * Options of {@link train}: those of `trainingLoop` in `@ddpm/trainer`, each with a default.
 *
 * Defaults: `until` 48,000 images, `batch` 16, `seed` 0, `logEvery` 50 updates, `loss` l2, `weight` simple, `times` uniform,
 * `optimizer` adam, `learningRate` a half cosine from 1e-3 with 200 updates of warm-up, `ema` with warm-up, `clip` 1,
 * `compile` that of the current backend.
 */
export type TrainOptions = Partial<Omit<LoopOptions, keyof Model | "images">>;

/** The last event: the trained model. */
export interface TrainedEvent {
  readonly type: "done";
  /** Images seen. */
  readonly images: number;
  /** Its tensors are the caller's to dispose: `disposeState(model.state)` of `@ddpm/trainer`. */
  readonly model: TrainedModel & { readonly state: TrainState };
}

/**
 * Trains a model on images: `await` it for the trained model, or follow it with `for await`.
 *
 * @param images a set, shuffled and mirrored where that keeps the meaning; or a stream
 * @throws DdpmError for options that do not fit together, before anything is done; and when the loss is no longer finite
 */
export function train(
  model: Model,
  images: Dataset | ImageStream,
  options: TrainOptions = {},
): Run<StepEvent | DueEvent | TrainedEvent, TrainedModel> {
  return runOf(
    "train",
    () => events(model, images, options),
    (last) => (last as TrainedEvent).model,
  );
}

async function* events(
  model: Model,
  images: Dataset | ImageStream,
  options: TrainOptions,
): AsyncGenerator<StepEvent | DueEvent | TrainedEvent, void> {
  const { seed = 0, batch = 16 } = options;
  const stream = "read" in images ? images : imageStream(images, { seed });
  const compile = options.compile ?? (await currentCompile());
  const loop = trainingLoop({
    until: 48_000,
    logEvery: 50 * batch,
    loss: l2(),
    weight: simple(),
    times: uniform(),
    optimizer: adam(),
    learningRate: cosineRate({ rate: 1e-3, warmup: 200 }),
    ema: warmupEma(),
    clip: 1,
    ...(compile ? { compile } : {}),
    ...options,
    denoiser: model.denoiser,
    schedule: model.schedule,
    parameterization: model.parameterization,
    ...{ images: stream, seed, batch },
  });
  for await (const event of loop) {
    if (event.type !== "done") yield event;
    else yield { type: "done", images: event.images, model: trained(model, stream, event.state) };
  }
}

function trained(
  { denoiser, schedule, parameterization }: Model,
  { shape, classes }: ImageStream,
  state: TrainState,
): TrainedEvent["model"] {
  const params = state.ema ?? state.params;
  return { denoiser, schedule, parameterization, params, shape, ...(classes ? { classes } : {}), state };
}

import { DdpmError, disposeParams, fail } from "@ddpm/core";
import type * as tf from "@tensorflow/tfjs-core";
import type { Diverged, StepEvent } from "./events.ts";
import type { Speedometer } from "./speedometer.ts";
import { type TrainState, zeroTotals } from "./state.ts";
import type { Rates } from "./update-rates.ts";

/** Sums since the last log point, on the host. */
export interface LossSums {
  readonly loss: number;
  readonly norm: number;
}

/**
 * Reads the sums, which changes nothing.
 *
 * @throws DdpmError with a {@link Diverged} as cause, when a loss or a gradient was not finite
 */
export async function readTotals(state: TrainState, batch: number): Promise<LossSums> {
  const { totals, step, sinceLog, images } = state;
  const read = async (total: tf.Scalar): Promise<number> => (await total.data())[0]!;
  const [loss, norm, finite] = await Promise.all([read(totals.loss), read(totals.norm), read(totals.finite)]);
  if (Number.isFinite(loss) && Number.isFinite(norm)) return { loss, norm };
  const behind = sinceLog - finite - 1;
  const cause: Diverged = {
    type: "diverged",
    images: images - behind * batch,
    step: step - behind,
    loss,
  };
  const what = Number.isFinite(loss) ? "a gradient" : "the loss";
  fail(
    "trainer/totals",
    `${what} of update ${cause.step} (${cause.images} images) is not a finite number.`,
    "Resume from the last checkpoint with a lower learning rate, a longer warm-up or gradient clipping.",
    { cause },
  );
}

/** What is reported of the updates since the last log point, and the state from which the next ones are summed. */
export interface LogPoint {
  readonly event: StepEvent;
  /** With empty sums; those of the state before are freed. */
  readonly state: TrainState;
}

/**
 * Means of loss and gradient norm since the last log point.
 *
 * @param rates of the last update
 * @param speed asked once the sums are read, which waits for the updates to be computed
 * @throws DdpmError as {@link readTotals}
 */
export async function logPoint(
  state: TrainState,
  batch: number,
  rates: Rates,
  speed: Pick<Speedometer, "perSecond">,
): Promise<LogPoint> {
  const { images, step, sinceLog, totals } = state;
  const { loss, norm } = await readTotals(state, batch);
  const means = { loss: loss / sinceLog, gradientNorm: norm / sinceLog };
  const event: StepEvent = {
    type: "step",
    images,
    step,
    ...means,
    ...rates,
    imagesPerSecond: speed.perSecond(state),
  };
  disposeParams(totals);
  return { event, state: { ...state, totals: zeroTotals(), sinceLog: 0 } };
}

/** Mean loss since the last log point; undefined where it is not finite. Reading it changes nothing. */
export async function meanLoss({ totals, sinceLog }: TrainState): Promise<number | undefined> {
  const mean = (await totals.loss!.data())[0]! / sinceLog;
  return Number.isFinite(mean) ? mean : undefined;
}

/** What went wrong, where the error is of {@link readTotals}' making. */
export function divergence(error: unknown): Diverged | undefined {
  if (!(error instanceof DdpmError)) return undefined;
  const cause = error.cause as Partial<Diverged> | undefined;
  return cause?.type === "diverged" ? (cause as Diverged) : undefined;
}

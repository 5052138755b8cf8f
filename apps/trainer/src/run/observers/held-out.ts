import { type Dataset, fail, type Params } from "@ddpm/core";
import type { Metric } from "@ddpm/metrics";
import { type LogRow, markBest, resumeBest } from "@ddpm/runs/authoring";
import type { TrainState } from "@ddpm/trainer";
import { bestScore, type HeldOut, type HeldOutLoss, isStale, type Score } from "@ddpm/trainer/authoring";
import { heldOutNetwork } from "../../eval/held-out-network.ts";
import { heldOutObjective } from "../held-out-objective.ts";
import type { HeldOutSet } from "../prepare.ts";
import type { Checkpoints } from "./checkpoints.ts";
import type { Observer, Watched } from "./observer.ts";
import { progressOf } from "./progress.ts";

/** The metric whose value the log holds as held-out loss. */
const OBJECTIVE = "objective-loss";

/**
 * Measures the loss on held-out images when it is due, of the averaged weights and of those as trained. The metric that the
 * configuration declares chooses the best checkpoint, and may stop the training.
 */
export function heldOutLoss(watched: Watched, heldOut: HeldOutSet, checkpoints: Checkpoints): Observer {
  const { config, folder } = watched;
  const { earlyStop } = config.train;
  const measure = heldOutObjective(watched, heldOut.stream);
  const { field, better } = scoreOf(watched);
  const sign = better === "lower" ? 1 : -1;
  const scores = (): Score[] =>
    watched
      .rows()
      .flatMap(({ images, [field]: value }) =>
        typeof value === "number" ? [{ images, value: sign * value }] : [],
      );
  const best = (): Score | undefined => {
    const found = bestScore(scores());
    return found && { ...found, value: sign * found.value };
  };
  const stopIfStale = (): void => {
    if (!earlyStop || !isStale(scores(), earlyStop)) return;
    watched.stop(`no better ${field} in ${earlyStop.patience} measurements`);
  };

  return {
    async due({ what, state }) {
      if (what !== "heldOut") return;
      const { row, event } = await measured(watched, heldOut, measure, state);
      await watched.log(row);
      const { images, loss, standardError } = event;
      watched.reporter.event(
        event,
        `held-out loss at ${images} images: ${loss.toPrecision(4)} ± ${standardError.toPrecision(2)}`,
      );
      const found = best();
      if (found?.images === state.images)
        await checkpoints.save(state, { metric: field, value: found.value });
      stopIfStale();
    },
    async end() {
      measure.dispose();
    },
    async resumeAt(seen) {
      await resumeBest(folder.storage, seen);
      const found = best();
      if (found) await markBest(folder.storage, { ...found, metric: field });
      stopIfStale();
    },
  };
}

/** The field of the log by which checkpoints are compared. */
function scoreOf({ config, parts }: Watched): { readonly field: string; readonly better: Metric["better"] } {
  const { name, better } = parts.metric!;
  if (name !== OBJECTIVE) return { field: name, better };
  return { field: isOfModel(config) ? "heldOutLossRaw" : "heldOutLoss", better };
}

function isOfModel({ heldOut, train }: Watched["config"]): boolean {
  return heldOut!.weights === "model" && train.ema !== null;
}

/** What is reported of a measurement. */
interface HeldOutEvent {
  readonly event: string;
  readonly images: number;
  readonly loss: number;
  readonly standardError: number;
  readonly [metric: string]: string | number;
}

/** Losses of all weights that there are, and the chosen metric. */
async function measured(
  watched: Watched,
  { dataset }: HeldOutSet,
  measure: HeldOut,
  { images, params, ema }: TrainState,
): Promise<{ readonly row: LogRow; readonly event: HeldOutEvent }> {
  const { config, parts } = watched;
  const onBatch = progressOf(watched, config.heldOut!.pairs, "pairs", "measuring the held-out loss");
  const { loss, standardError, buckets } = await measure(ema ?? params, onBatch);
  const raw = ema ? { heldOutLossRaw: (await measure(params, onBatch)).loss } : {};
  const chosen = isOfModel(config) ? params : (ema ?? params);
  const more =
    parts.metric!.name === OBJECTIVE
      ? {}
      : { [parts.metric!.name]: await metricOf(watched, chosen, dataset, () => measure(chosen)) };
  const row = {
    ...{ images, heldOutLoss: loss, heldOutError: standardError },
    ...{ ...raw, ...more, heldOutBuckets: buckets.map((bucket) => bucket.loss) },
  };
  const event = { event: "heldOut", images, loss, standardError, ...raw, ...more };
  return { row, event };
}

/** The chosen metric of some weights. */
async function metricOf(
  { config, parts, backend }: Watched,
  params: Params,
  dataset: Dataset,
  objective: () => Promise<HeldOutLoss>,
): Promise<number> {
  const images = { dataset, objective };
  const heldOut = await heldOutNetwork({ config, parts, backend }, params, images, config.seed);
  const { estimate, note } = await parts.metric!.compute({ heldOut });
  return estimate?.value ?? fail("cli/held-out", note ?? `${parts.metric!.name} gives no estimate.`);
}

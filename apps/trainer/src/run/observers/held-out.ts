import type { ImageStream } from "@ddpm/core";
import { type LogRow, markBest, resumeBest } from "@ddpm/runs/authoring";
import { heldOut as heldOutLossOf } from "@ddpm/trainer";
import { bestScore, type HeldOut, isStale, type Score } from "@ddpm/trainer/authoring";
import { largestDivisor } from "../largest-divisor.ts";
import type { Checkpoints } from "./checkpoints.ts";
import type { Observer, Watched } from "./observer.ts";
import { progressOf } from "./progress.ts";

/**
 * Measures the loss on held-out images when it is due, of the averaged weights and of those as trained. By one of them, the
 * metric that the configuration declares, the best checkpoint is chosen and training may be stopped.
 */
export function heldOutLoss(watched: Watched, images: ImageStream, checkpoints: Checkpoints): Observer {
  const { config, parts, backend, folder, reporter } = watched;
  const { pairs, buckets, metric } = config.heldOut!;
  const { earlyStop } = config.train;
  const measure: HeldOut = heldOutLossOf({
    ...parts,
    images,
    count: pairs,
    batch: largestDivisor(pairs, config.train.batch / config.train.accumulate),
    buckets,
    seed: config.seed,
    ...(backend.compile ? { compile: backend.compile } : {}),
  });
  const scores = (): Score[] => watched.rows().flatMap((row) => scoreOf(row, metric));
  const mark = async (): Promise<void> => {
    const best = bestScore(scores());
    if (best) await markBest(folder.storage, { ...best, metric });
  };
  const stopIfStale = (): void => {
    if (!earlyStop || !isStale(scores(), earlyStop)) return;
    watched.stop(`no better held-out loss in ${earlyStop.patience} measurements`);
  };

  return {
    async due({ what, state }) {
      if (what !== "heldOut") return;
      const onBatch = progressOf(watched, pairs, "pairs", "measuring the held-out loss");
      const found = await measure(state.ema ?? state.params, onBatch);
      const raw = state.ema ? { heldOutLossRaw: (await measure(state.params, onBatch)).loss } : {};
      const losses: Partial<Record<typeof metric, number>> = { heldOutLoss: found.loss, ...raw };
      await watched.log({
        images: state.images,
        heldOutLoss: found.loss,
        heldOutError: found.standardError,
        ...raw,
        heldOutBuckets: found.buckets.map(({ loss }) => loss),
      });
      reporter.event(
        {
          event: "heldOut",
          images: state.images,
          loss: found.loss,
          standardError: found.standardError,
          ...raw,
        },
        `held-out loss at ${state.images} images: ${found.loss.toPrecision(4)} ± ${found.standardError.toPrecision(2)}`,
      );
      if (bestScore(scores())?.images === state.images) {
        await checkpoints.save(state, { metric, value: losses[metric]! });
      }
      stopIfStale();
    },
    async end() {
      measure.dispose();
    },
    async resumeAt(seen) {
      await resumeBest(folder.storage, seen);
      if (scores().length > 0) await mark();
      stopIfStale();
    },
  };
}

function scoreOf(row: LogRow, metric: string): Score[] {
  const { images, [metric]: value } = row;
  return typeof value === "number" ? [{ images, value }] : [];
}

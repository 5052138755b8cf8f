import type { RunConfig, RunParts } from "@ddpm/runs";
import type { TrainState } from "@ddpm/trainer";
import type { EmaDecay } from "@ddpm/trainer/authoring";
import { initialShare, LARGE_INITIAL_SHARE, youngAverage } from "@ddpm/trainer/authoring";
import type { Reporter } from "../output/reporter.ts";

/** Weight of the initial weights in a run's average after so many updates. */
export function shareOf(ema: EmaDecay, updates: number, { train }: Pick<RunConfig, "train">): number {
  const { images: until, batch } = train;
  return initialShare(ema, { updates, batch, until, epoch: until });
}

/** Reports, before anything is drawn from the averaged weights, that they have hardly begun to follow the training. */
export function reportYoungAverage(
  {
    config,
    parts,
    state,
    raw,
  }: {
    readonly config: RunConfig;
    readonly parts: Pick<RunParts, "ema">;
    readonly state: TrainState;
    readonly raw?: boolean | undefined;
  },
  reporter: Reporter,
): void {
  // Imported weights had no update here: whose average they are is not known.
  if (raw || !state.ema || !parts.ema || state.step === 0) return;
  const share = shareOf(parts.ema, state.step, config);
  if (share < LARGE_INITIAL_SHARE) return;
  reporter.say(`warning: ${youngAverage(share, state.step)} --raw takes the weights as trained.`);
}

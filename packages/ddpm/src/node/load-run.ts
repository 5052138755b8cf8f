import { fsStorage } from "@ddpm/runs/node";
import { loadRun as loadStored } from "../load-run.ts";
import type { TrainedModel } from "../model.ts";

/**
 * The model of a run that the command trained: its network, its weights, averaged ones where the run keeps an average, and
 * its settings for `sample`.
 *
 * @param folder of the run, e.g. `runs/quickstart`
 * @param which  checkpoint: the newest, the best by the held-out metric, or the one after so many images
 * @throws DdpmError where there is no run, no such checkpoint, or a plugin is from a module of the run's own
 */
export function loadRun(
  folder: string,
  which: "latest" | "best" | number = "latest",
): Promise<TrainedModel & Required<Pick<TrainedModel, "state" | "sampling">>> {
  return loadStored(fsStorage(folder), which);
}

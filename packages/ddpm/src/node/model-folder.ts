import { fail } from "@ddpm/core";
import { loadCheckpoint, saveCheckpoint } from "@ddpm/runs";
import { fsStorage } from "@ddpm/runs/node";
import * as z from "zod";
import type { Model, TrainedModel } from "../model.ts";

/** What a model's folder records next to the weights. */
const facts = z.object({
  shape: z.tuple([z.int(), z.int(), z.int()]),
  classes: z.array(z.string()).optional(),
});

/**
 * Saves a trained model: weights, averaged weights and the state of the optimizer, as a checkpoint of a run. Earlier
 * checkpoints in the folder are deleted once it is whole.
 *
 * @throws DdpmError for a model without the state of its training, and where there is no space left
 */
export async function saveModel(trained: TrainedModel, folder: string): Promise<void> {
  const { state, shape, classes } = trained;
  if (!state) fail("ddpm/node", "the model has no state of a training, expected one that `train` gave.");
  await saveCheckpoint(fsStorage(folder), state, { shape, ...(classes ? { classes } : {}) }, { keep: 1 });
}

/**
 * Loads what {@link saveModel} saved. To train further, pass it to `train` with its `state`.
 *
 * @param model  the model that was trained: network, schedule and parameterization
 * @param folder of the saved model
 * @throws DdpmError where no whole checkpoint is there, or it holds another network
 */
export async function loadModel(
  model: Model,
  folder: string,
): Promise<TrainedModel & Required<Pick<TrainedModel, "state">>> {
  const { state, meta, path } = await loadCheckpoint(fsStorage(folder));
  const { shape, classes } = facts.parse(meta);
  for (const { name, shape: expected } of model.denoiser.specs) {
    const given = state.params[name]?.shape;
    if (given?.join() === expected.join()) continue;
    fail(
      "ddpm/node",
      `${path} has ${given ? `"${name}" of shape [${given}]` : `no "${name}"`}, expected shape [${expected}].`,
      "Pass the model that was trained.",
    );
  }
  return { ...model, params: state.ema ?? state.params, shape, state, ...(classes ? { classes } : {}) };
}

import { fail } from "@ddpm/core";
import type { ImageShape } from "@ddpm/core/authoring";
import { buildParts, loadCheckpoint, type RunStorage } from "@ddpm/runs";
import { classNamesIn, readRunConfig } from "@ddpm/runs/authoring";
import type { TrainedModel } from "./model.ts";

/**
 * The model of a run that the command or the studio trained: its network, its weights, averaged ones where the run keeps an
 * average, and its settings for `sample`.
 *
 * @param run   where the run is stored: `opfsStorage` of `@ddpm/runs/browser`, `memoryStorage` of `@ddpm/runs`; in Node,
 *   `loadRun` of `ddpm/node` takes the path of its folder
 * @param which checkpoint: the newest, the best by the held-out metric, or the one after so many images
 * @throws DdpmError where there is no run, no such checkpoint, or a plugin is from a module of the run's own
 */
export async function loadRun(
  run: RunStorage,
  which: "latest" | "best" | number = "latest",
): Promise<TrainedModel & Required<Pick<TrainedModel, "state" | "sampling">>> {
  const config = await readRunConfig(run);
  const { denoiser, schedule, parameterization, sampler, spacing } = buildParts(config);
  const { state, meta } = await loadCheckpoint(run, which);
  const classes = classNamesIn(meta);
  const { steps, clip } = config.sample;
  return {
    ...{ denoiser, schedule, parameterization, state },
    params: state.ema ?? state.params,
    shape: shapeIn(meta, run.location),
    range: config.data.range ?? "symmetric",
    sampling: { steps, sampler, spacing, clip },
    ...(classes ? { classes } : {}),
  };
}

function shapeIn({ shape }: Readonly<Record<string, unknown>>, location: string): ImageShape {
  if (Array.isArray(shape) && shape.length === 3 && shape.every(Number.isSafeInteger))
    return shape as unknown as ImageShape;
  return fail("ddpm/load-run", `a checkpoint of ${location} does not record the shape of its images.`);
}

import { expectShape, fail, type Params, type Random } from "@ddpm/core";
import { disposeState, initialState, type TrainState } from "@ddpm/trainer";
import type { RunParts } from "../build/parts.ts";
import { checkpointPath, readLatest } from "../checkpoint/layout.ts";
import { loadCheckpoint } from "../checkpoint/load.ts";
import { sha256 } from "../checkpoint/sha256.ts";
import type { RunConfig } from "../config/schema.ts";
import { placeOf, type RunStorage } from "../storage/storage.ts";

/** The weights of another run that a run begins with. */
export type Start = NonNullable<RunConfig["start"]>;

/**
 * The weights of a run's latest checkpoint, as the start of another run.
 *
 * @param raw the weights as trained; otherwise their average where the run keeps one
 * @throws DdpmError where there is no checkpoint
 */
export async function startOf(run: RunStorage, raw: boolean): Promise<Start> {
  const { location } = run;
  const images =
    (await readLatest(run)) ??
    fail(
      "runs/start",
      `${location} has no checkpoint to begin from.`,
      "Give the folder of a run that has one.",
    );
  const average = (await run.list(checkpointPath(images))).includes("ema.safetensors");
  const weights = raw || !average ? "model" : "ema";
  return { run: location, images, weights, sha256: await hashOf(run, { images, weights }) };
}

/**
 * The state that a run begins with: weights drawn from its seed, or those of another run, with a fresh optimiser and average
 * and no images seen.
 *
 * @param openRun opens the other run by its location
 * @throws DdpmError where the other run's weights have changed, or belong to another network
 */
export async function firstState(
  { start, seed }: Pick<RunConfig, "start" | "seed">,
  parts: Pick<RunParts, "denoiser" | "optimizer" | "ema">,
  openRun: (location: string) => RunStorage,
): Promise<TrainState> {
  if (!start) return initialState({ ...parts, seed });
  const { denoiser } = parts;
  const run = openRun(start.run);
  const { state } = await loadCheckpoint(run, start.images);
  if ((await hashOf(run, start)) !== start.sha256) {
    const place = placeOf(run, checkpointPath(start.images));
    fail("runs/start", `the weights in ${place} are not those that this run was begun with.`);
  }
  const given: Params = state[start.weights === "ema" ? "ema" : "params"]!;
  for (const { name, shape } of denoiser.specs) {
    const value = given[name] ?? fail("runs/start", `${start.run} has no parameter "${name}".`, OTHER);
    expectShape("runs/start", `parameter "${name}" of ${start.run}`, value.shape, shape);
  }
  const surplus = Object.keys(given).find((name) => !denoiser.specs.some((spec) => spec.name === name));
  if (surplus !== undefined) fail("runs/start", `${start.run} has a parameter "${surplus}" more.`, OTHER);
  const init = (_random: Random): Params =>
    Object.fromEntries(denoiser.specs.map(({ name }) => [name, given[name]!.clone()]));
  const begun = initialState({ ...parts, denoiser: { ...denoiser, init }, seed });
  disposeState(state);
  return begun;
}

const OTHER = "It holds another network: leave the preset out, or give one of the same network.";

async function hashOf(
  run: RunStorage,
  { images, weights }: Pick<Start, "images" | "weights">,
): Promise<string> {
  const file = `${checkpointPath(images)}/${weights}.safetensors`;
  const bytes = (await run.read(file)) ?? fail("runs/start", `${placeOf(run, file)} is missing.`);
  return sha256([bytes], run);
}

import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { expectShape, fail, type Params, type Random } from "@ddpm/core";
import type { RunConfig, RunParts } from "@ddpm/runs";
import { checkpointPath, loadCheckpoint, readLatest } from "@ddpm/runs";
import { fsStorage } from "@ddpm/runs/node";
import { disposeState, initialState, type TrainState } from "@ddpm/trainer";

/** Whose weights a run begins with, so that beginning again begins with the same. */
export type Start = NonNullable<RunConfig["start"]>;

/**
 * Where the weights of another run's latest checkpoint are.
 *
 * @param raw the weights as trained; otherwise their average where the run keeps one
 * @throws DdpmError where there is no checkpoint
 */
export async function startOf(run: string, raw: boolean): Promise<Start> {
  const images =
    (await readLatest(fsStorage(run))) ??
    fail("train", `${run} has no checkpoint to begin from.`, "Give the folder of a run that has saved one.");
  const path = join(run, checkpointPath(images));
  const weights = raw || !existsSync(join(path, "ema.safetensors")) ? "model" : "ema";
  const sha256 = await hashOf(join(path, `${weights}.safetensors`));
  return { run: resolve(run), images, weights, sha256 };
}

/**
 * The state that a run begins with: weights drawn from its seed, or another run's, with a fresh optimiser and average
 * and no images seen.
 *
 * @throws DdpmError where the other run's weights have changed, or belong to another network
 */
export async function firstState(
  { start, seed }: RunConfig,
  parts: Pick<RunParts, "denoiser" | "optimizer" | "ema">,
): Promise<TrainState> {
  if (!start) return initialState({ ...parts, seed });
  const { denoiser } = parts;
  const from = checkpointOf(start);
  const { state } = await loadCheckpoint(fsStorage(start.run), start.images);
  if ((await hashOf(join(from, `${start.weights}.safetensors`))) !== start.sha256) {
    fail("train", `the weights in ${from} are not those that this run was begun with.`);
  }
  const given: Params = state[start.weights === "ema" ? "ema" : "params"]!;
  for (const { name, shape } of denoiser.specs) {
    const value = given[name] ?? fail("train", `${start.run} has no parameter "${name}".`, OTHER);
    expectShape("train", `parameter "${name}" of ${start.run}`, value.shape, shape);
  }
  const surplus = Object.keys(given).find((name) => !denoiser.specs.some((spec) => spec.name === name));
  if (surplus !== undefined) fail("train", `${start.run} has a parameter "${surplus}" more.`, OTHER);
  const init = (_random: Random): Params =>
    Object.fromEntries(denoiser.specs.map(({ name }) => [name, given[name]!.clone()]));
  const begun = initialState({ ...parts, denoiser: { ...denoiser, init }, seed });
  disposeState(state);
  return begun;
}

/** The folder of the checkpoint that a run begins with. */
export function checkpointOf({ run, images }: Start): string {
  return join(run, checkpointPath(images));
}

const OTHER = "It holds another network: leave the preset out, or give one of the same network.";

async function hashOf(path: string): Promise<string> {
  return createHash("sha256")
    .update(await readFile(path))
    .digest("hex");
}

import { fail, type Params } from "@ddpm/core";
import { fromTensors, readSafetensors, safetensorsChunks, toTensors } from "@ddpm/weights";
import { sha256 } from "../checkpoint/sha256.ts";
import type { RunConfig } from "../config/schema.ts";
import { placeOf, type RunStorage } from "../storage/storage.ts";

/** The weights of the autoencoder in whose latents a run works. */
export const AUTOENCODER = "autoencoder.safetensors";

/** The file of an autoencoder's weights: the same weights give the same bytes. */
async function autoencoderFile(params: Params): Promise<readonly Uint8Array[]> {
  return safetensorsChunks(await fromTensors(params));
}

/** Its SHA-256, which identifies the weights. */
export async function autoencoderHash(params: Params, run?: RunStorage): Promise<string> {
  return sha256(await autoencoderFile(params), run);
}

/** Keeps a copy of an autoencoder in a run. */
export async function keepAutoencoder(run: RunStorage, params: Params): Promise<void> {
  await run.write(AUTOENCODER, await autoencoderFile(params));
}

/**
 * The weights of the autoencoder that a run keeps.
 *
 * @returns yours to dispose
 * @throws DdpmError where they are missing, or are not those that the run was begun with
 */
export async function readAutoencoder(
  run: RunStorage,
  { latent }: Pick<RunConfig, "latent">,
): Promise<Params> {
  const place = placeOf(run, AUTOENCODER);
  const bytes =
    (await run.read(AUTOENCODER)) ??
    fail(
      "runs/kept-autoencoder",
      `${place} is missing.`,
      "Put the file back: the run's samples are latents without it.",
    );
  if (latent?.sha256 !== (await sha256([bytes], run))) {
    fail(
      "runs/kept-autoencoder",
      `${place} is not the autoencoder that this run was begun with.`,
      "Put that file back, or begin another run with --autoencoder.",
    );
  }
  const { tensors } = readSafetensors(bytes);
  return toTensors(tensors);
}

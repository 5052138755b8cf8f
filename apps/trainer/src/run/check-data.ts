import { fail, type ImageStream } from "@ddpm/core";
import type { RunConfig, RunParts } from "@ddpm/runs";
import { checkImages } from "@ddpm/runs/authoring";
import { imageStreamOf, openImages } from "@ddpm/runs/node/authoring";
import { checkLabelled, checkLabels } from "@ddpm/trainer/authoring";
import { checkChannels } from "@ddpm/viz/authoring";
import { buildRun, fitRun } from "./build.ts";

/**
 * Refuses images that a run cannot learn from or draw: of a size, channels or labels that its network does not take, or
 * of channels that no picture has.
 *
 * @throws DdpmError naming what to set
 */
export function checkData({ denoiser, condition, autoencoder }: RunParts, images: ImageStream): void {
  if (!autoencoder) refusePoints(images.shape);
  checkChannels("cli/check-data", autoencoder ? autoencoder.outputs : images.shape[2]);
  checkImages(denoiser, images.shape, condition);
  checkLabels(denoiser, images);
}

/** The command draws what it trains. */
function refusePoints([height, width, channels]: ImageStream["shape"]): void {
  if (height > 1 || width > 1 || channels === 1) return;
  fail(
    "cli/check-data",
    `points of ${channels} coordinates, expected images.`,
    "Train on points in a program (`train` of the package ddpm), or in the studio, under Points.",
  );
}

/**
 * Opens the images of a run that is to begin later, and checks that it can learn from them; reads one where only that
 * tells whether there are labels.
 *
 * @throws DdpmError as {@link checkData}, and for images that cannot be opened
 */
export async function checkLater(config: RunConfig): Promise<RunParts> {
  const stream = imageStreamOf(await openImages(config.data, () => {}), config);
  try {
    const parts = await buildRun(await fitRun(config, stream.shape));
    checkData(parts, stream);
    if (parts.denoiser.classes !== undefined && !stream.labels) {
      checkLabelled(parts.denoiser, await stream.read(0, 1));
    }
    return parts;
  } finally {
    await stream.close?.();
  }
}

import type { ImageStream } from "@ddpm/core";
import type { RunParts } from "../build/parts.ts";
import type { RunConfig } from "../config/schema.ts";
import { lastingConfig } from "../resume/same-run.ts";
import type { CheckpointMeta } from "./types.ts";

/** The notes of a run in its checkpoints: its configuration, which images it is trained on, and the names of its classes. */
export function checkpointMeta(
  config: RunConfig,
  { denoiser }: Pick<RunParts, "denoiser">,
  { fingerprint, shape, classes }: Pick<ImageStream, "fingerprint" | "shape" | "classes">,
): CheckpointMeta {
  return {
    ...{ config: lastingConfig(config), stream: fingerprint, shape: [...shape] },
    ...(denoiser.classes !== undefined && classes ? { classNames: classes } : {}),
  };
}

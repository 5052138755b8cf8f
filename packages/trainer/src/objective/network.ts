import type { Denoiser } from "@ddpm/core";

/** What has parameters to be learned. */
export type Network = Pick<Denoiser, "name" | "specs" | "init">;

import { fail } from "@ddpm/core";
import { parseRun } from "../config/parse.ts";
import type { RunConfig } from "../config/schema.ts";

/** Settings that an autoencoder has no use for: nothing is denoised, and nothing drawn from noise. */
const settings = [
  ...["denoiser", "schedule", "parameterization", "loss", "weight", "times", "condition", "text", "latent"],
  ...["train.labelDropout", "train.selfCondition", "train.earlyStop", "heldOut.metric"],
  ...["sample.sampler", "sample.spacing", "sample.steps", "sample.stages", "sample.clip"],
];

/**
 * Refuses settings of a denoiser in the run of an autoencoder, where they would do nothing.
 *
 * @throws DdpmError naming the setting
 */
export function checkAutoencoder(config: RunConfig): void {
  if (!config.autoencoder) return;
  const heldOut = config.heldOut ? { heldOut: { amount: config.heldOut.amount } } : {};
  const standard = parseRun({ name: config.name, ...heldOut }, "the defaults");
  const given = settings.find((path) => textAt(config, path) !== textAt(standard, path));
  if (given !== undefined) {
    const hint = given === "loss" ? "Set autoencoder.loss." : "Leave it out.";
    fail("runs/parts", `${given} is set, and the run trains an autoencoder, which has no use for it.`, hint);
  }
  if (config.data.range === "unit") {
    fail("runs/parts", "data.range is unit, and autoencoders take images in [-1, 1].", "Leave it out.");
  }
}

function textAt(config: RunConfig, path: string): string | undefined {
  const value = path
    .split(".")
    .reduce<unknown>((part, key) => (part as Readonly<Record<string, unknown>> | null)?.[key], config);
  return JSON.stringify(value);
}

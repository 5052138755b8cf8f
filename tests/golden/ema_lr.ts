import { diffusersEmaCases, emaPytorchCases } from "./ema-cases.ts";
import { functionalCase } from "./functional/cases.ts";
import { clipCase, optimizerCases } from "./optimizer-cases.ts";
import { diffusersRateCase, epochRateCase, torchRateCase } from "./rate-cases.ts";
import type { GoldenResult, RunEntry } from "./result.ts";
import { runParts } from "./run-parts.ts";

/** The parts of a file in the format of ema_lr.json, each with what compares one of its entries. */
const parts: Readonly<Record<string, RunEntry>> = {
  ema_pytorch: emaPytorchCases,
  diffusers_EMAModel: diffusersEmaCases,
  lr_diffusers: diffusersRateCase,
  lr_torch: torchRateCase,
  lr_per_epoch_mxagar: epochRateCase,
  optimizers: optimizerCases,
  clip_grad_norm: clipCase,
  functional: functionalCase,
};

/**
 * Compares averages, learning rates, optimisers, clipping, and the layers and losses behind `functional`, on the backend
 * that is active: the host's numbers to 1e-12, tensors to a few float32 roundings.
 */
export function runFile(json: unknown): Promise<GoldenResult> {
  return runParts(json, parts);
}

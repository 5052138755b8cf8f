import { boundCases } from "./gauss/bound.ts";
import { courseCases } from "./gauss/course.ts";
import { diffusersCases } from "./gauss/diffusers.ts";
import { distributionCases, guidanceCases } from "./gauss/distributions.ts";
import { edmCases } from "./gauss/edm.ts";
import { mainCases } from "./gauss/main.ts";
import type { GoldenResult, RunEntry } from "./result.ts";
import { runParts } from "./run-parts.ts";

/** The parts of gaussian.json that hold comparisons, and what compares one block of each. */
const parts: Readonly<Record<string, RunEntry>> = {
  main: mainCases,
  diffusers: diffusersCases,
  distributions: distributionCases,
  bpd_loop: boundCases,
  seed_sources: courseCases,
  guidance: guidanceCases,
  edm_losses: edmCases,
};

/** Runs every comparison of a file in the format of gaussian.json, on the active backend, in float32. */
export function runFile(json: unknown): Promise<GoldenResult> {
  return runParts(json, parts);
}

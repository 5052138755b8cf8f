import { boundCases } from "./gauss/bound.ts";
import { courseCases } from "./gauss/course.ts";
import { diffusersCases } from "./gauss/diffusers.ts";
import { distributionCases, guidanceCases } from "./gauss/distributions.ts";
import { edmCases } from "./gauss/edm.ts";
import { mainCases } from "./gauss/main.ts";
import { type Case, caseOf, type GoldenResult, summarise, unsupported } from "./result.ts";

/** The parts of gaussian.json that hold comparisons, and what compares each. */
const parts: Readonly<Record<string, (blocks: readonly never[]) => Case[] | Promise<Case[]>>> = {
  main: mainCases,
  diffusers: diffusersCases,
  distributions: distributionCases,
  bpd_loop: boundCases,
  seed_sources: courseCases,
  guidance: guidanceCases,
  edm_losses: edmCases,
};

/** Runs every comparison of a file in the format of gaussian.json, on the active backend, in float32. */
export async function runFile(json: unknown): Promise<GoldenResult> {
  const cases: Case[] = [];
  for (const [part, blocks] of Object.entries(json as Readonly<Record<string, unknown>>)) {
    if (part === "format" || part === "commits") continue;
    const compare = parts[part];
    if (compare) cases.push(...(await compare(blocks as readonly never[])));
    else cases.push(caseOf(part, () => unsupported(`nothing compares the part ${part}`)));
  }
  return summarise(cases);
}

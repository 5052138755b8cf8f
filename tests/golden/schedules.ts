import { type BetaCase, betaCases, type SeedTable, seedCases } from "./beta-cases.ts";
import {
  type DiscreteCase,
  type DiscretisationCase,
  discreteCases,
  discretisationCases,
  type LadderCase,
  type LogSnrCase,
  ladderCases,
  logSnrCases,
} from "./ladder-cases.ts";
import { type PreconditioningCase, preconditioningCases } from "./preconditioning-cases.ts";
import { type RespacingCase, respacingCases } from "./respacing-cases.ts";
import { type Case, type GoldenResult, summarise } from "./result.ts";
import { type TimeEmbeddingCase, timeEmbeddingCases } from "./time-embedding-cases.ts";
import { type TimestepCase, timestepCases } from "./timestep-cases.ts";

/** The parts of a file in the format of schedules.json, each with what compares it. */
const parts: Readonly<Record<string, (cases: readonly never[]) => Case[]>> = {
  cases: betaCases as (cases: readonly BetaCase[]) => Case[],
  seed_tables: seedCases as (cases: readonly SeedTable[]) => Case[],
  log_snr: logSnrCases as (cases: readonly LogSnrCase[]) => Case[],
  sigma_ladders: ladderCases as (cases: readonly LadderCase[]) => Case[],
  discrete_schedule: discreteCases as (cases: readonly DiscreteCase[]) => Case[],
  edm_discretisation: discretisationCases as (cases: readonly DiscretisationCase[]) => Case[],
  preconditioning: preconditioningCases as (cases: readonly PreconditioningCase[]) => Case[],
  diffusers_timesteps: timestepCases as (cases: readonly TimestepCase[]) => Case[],
  time_embeddings: timeEmbeddingCases as (cases: readonly TimeEmbeddingCase[]) => Case[],
  space_timesteps: respacingCases as (cases: readonly RespacingCase[]) => Case[],
};

/** Checks a file in the format of schedules.json, case by case, by what each declares. */
export function runFile(json: unknown): GoldenResult {
  const file = json as Readonly<Record<string, unknown>>;
  return summarise(
    Object.entries(file).flatMap(([part, cases]) => {
      if (!Array.isArray(cases)) return [];
      const compare = parts[part];
      if (compare) return compare(cases as never[]);
      return cases.map((_, i) => ({ id: `${part}/${i}`, reason: `nothing compares the part ${part}` }));
    }),
  );
}

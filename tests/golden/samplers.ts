import { type Case, type GoldenResult, slowCaseOf, summarise, unsupported } from "./result.ts";
import { diffusersDdim, diffusersDdpm, diffusersInverse } from "./sampling/chains.ts";
import {
  diffusersAncestral, diffusersDpm2, diffusersDpm2Ancestral, diffusersEdmMultistep, diffusersEuler, diffusersHeun, diffusersLms, diffusersSde,
} from "./sampling/exploding.ts";
import type { SamplingCase, SamplingFile } from "./sampling/file.ts";
import { diffusersMultistep } from "./sampling/multistep.ts";
import { judge } from "./sampling/judge.ts";
import { type Plan, type Trace, traceOf } from "./sampling/trace.ts";

/** How a kind of case is run, and which of the states it went through are those that the reference stored. */
interface Mapping {
  plan(file: SamplingFile, golden: SamplingCase): Plan;
  states(trace: Trace, golden: SamplingCase): readonly ArrayLike<number>[];
}

/** What the network saw at every call, then the result. */
const calls = ({ calls: seen, result }: Trace): readonly ArrayLike<number>[] => [...seen, result];

/** Where the walk started, and where each step ended. */
const ends = ({ start, steps }: Trace): readonly ArrayLike<number>[] => [start, ...steps];

/** By reference, and scheduler or sampler: as a case declares them. */
export const mappings: Readonly<Record<string, Mapping>> = {
  "huggingface/diffusers DDPMScheduler": { plan: diffusersDdpm, states: calls },
  "huggingface/diffusers DDIMScheduler": { plan: diffusersDdim, states: calls },
  "huggingface/diffusers DPMSolverMultistepScheduler": { plan: diffusersMultistep, states: calls },
  "huggingface/diffusers EulerDiscreteScheduler": { plan: diffusersEuler, states: ends },
  "huggingface/diffusers EDMEulerScheduler": { plan: diffusersEuler, states: ends },
  "huggingface/diffusers EulerAncestralDiscreteScheduler": { plan: diffusersAncestral, states: calls },
  "huggingface/diffusers HeunDiscreteScheduler": { plan: diffusersHeun, states: calls },
  "huggingface/diffusers LMSDiscreteScheduler": { plan: diffusersLms, states: calls },
  "huggingface/diffusers KDPM2DiscreteScheduler": { plan: diffusersDpm2, states: calls },
  "huggingface/diffusers KDPM2AncestralDiscreteScheduler": { plan: diffusersDpm2Ancestral, states: calls },
  "huggingface/diffusers DPMSolverSDEScheduler": { plan: diffusersSde, states: calls },
  "huggingface/diffusers EDMDPMSolverMultistepScheduler": { plan: diffusersEdmMultistep, states: calls },
  "huggingface/diffusers DDIMInverseScheduler": { plan: diffusersInverse, states: calls },
};

/** Runs every sampling case of a file in the format of samplers.json, on the active backend. */
export async function runFile(json: unknown): Promise<GoldenResult> {
  const file = json as SamplingFile;
  const cases: Case[] = [];
  for (const golden of file.cases) cases.push(await runCase(file, golden));
  return summarise(cases);
}

function runCase(file: SamplingFile, golden: SamplingCase): Promise<Case> {
  const kind = `${golden.reference} ${golden.scheduler ?? golden.sampler}`;
  return slowCaseOf(golden.id, async () => {
    const mapping = mappings[kind] ?? unsupported(`no sampler is declared as ${kind}`);
    const trace = await traceOf(file, golden, mapping.plan(file, golden));
    return judge(golden, mapping.states(trace, golden));
  });
}

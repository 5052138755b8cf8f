import type { Value } from "../graph/operation.ts";
import type { Recording } from "../graph/recorder.ts";
import type { Runtime, SessionOptions } from "../runtime/runtime.ts";
import type { BufferPool } from "../tensor/buffers.ts";
import type { BlockedLayouts } from "../tensor/layouts.ts";
import { release, type Stored } from "../tensor/stored.ts";
import { planCache } from "./cache.ts";
import { compile } from "./compile.ts";
import { bindScalars, execute, scalarOf } from "./execute.ts";
import { type OwnedPlans, ownedPlans } from "./owned-plans.ts";
import type { Plan, ScalarKey } from "./plan.ts";

/** Counts of what a runner did; a training loop in its stride compiles nothing. */
export interface RunnerStatistics {
  runs: number;
  compilations: number;
  /** Compiled graphs held at this moment. */
  sessions: number;
  /** ONNX nodes of the last graph that ran. */
  nodes: number;
}

/** Runs recordings, compiling each shape of graph once. */
export interface Runner {
  /** Computes `outputs` of a recording and gives up its leaves. */
  run(recording: Recording, outputs: readonly Value[]): Stored[];
  /** Graphs that were compiled elsewhere; they count as sessions. */
  readonly owned: OwnedPlans;
  statistics(): RunnerStatistics;
  dispose(): void;
}

export interface RunnerOptions {
  readonly runtime: Runtime;
  readonly session: SessionOptions;
  readonly blocked: BlockedLayouts | null;
  readonly maxSessions: number;
}

/** Makes a runner whose results are in memory of `pool`. */
export function runner(options: RunnerOptions, pool: BufferPool): Runner {
  const cache = planCache(options.maxSessions);
  const owned = ownedPlans(options.maxSessions);
  const counts = { runs: 0, compilations: 0, nodes: 0 };

  const runPlanned = (recording: Recording, outputs: readonly Value[]): Stored[] => {
    const { signature } = recording;
    for (const output of outputs) signature.push(output.code);
    const hash = signature.hash();
    let plan = cache.find(hash, signature.view());
    let scalars = plan && bindScalars(plan, recording.leaves);
    if (!plan || !scalars) {
      plan = compile(recording, outputs, finerScalarKey(recording, plan), options);
      counts.compilations++;
      cache.add(hash, plan);
      scalars = bindScalars(plan, recording.leaves)!;
    }
    counts.runs++;
    counts.nodes = plan.nodes;
    return execute(plan, (leaf) => recording.leaves[leaf]!.leaf!.stored!, scalars, options.runtime, pool);
  };

  return {
    owned: {
      ...owned,
      own: (plan, gone) => {
        counts.compilations++;
        owned.own(plan, gone);
      },
    },
    run: (recording, outputs) => {
      try {
        return runPlanned(recording, outputs);
      } finally {
        for (const { leaf } of recording.leaves) if (leaf!.stored) release(leaf!.stored, pool);
      }
    },
    statistics: () => ({ ...counts, sessions: cache.size() + owned.size() }),
    dispose: () => {
      cache.clear();
      owned.clear();
    },
  };
}

/** Leaves share a run-time value only if they did in the plan before and do now. */
function finerScalarKey(recording: Recording, coarse: Plan | undefined): ScalarKey {
  const before = new Map<number, number>();
  for (const { classes } of coarse?.scalars ?? []) {
    for (const [k, members] of classes.entries()) for (const member of members) before.set(member, k);
  }
  return (leaf) => {
    const value = scalarOf(recording.leaves[leaf]!);
    return `${before.get(leaf)} ${Object.is(value, -0) ? "-0" : value}`;
  };
}

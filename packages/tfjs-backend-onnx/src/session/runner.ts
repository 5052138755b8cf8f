import type { Recording } from "../graph/recorder.ts";
import type { Stored, Value } from "../graph/types.ts";
import type { BlockedLayouts } from "../layout/layouts.ts";
import type { Runtime, SessionOptions } from "../runtime/runtime.ts";
import type { BufferPool } from "./buffers.ts";
import { planCache } from "./cache.ts";
import { compile, type Plan } from "./compile.ts";
import { bindScalars, execute, scalarOf } from "./execute.ts";
import { release } from "./stored.ts";

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
  /**
   * Takes over a graph that was compiled elsewhere: it counts, and it is released with the runner at the latest. Beyond
   * `maxSessions` of them the one used least recently is released.
   *
   * @param gone called when the graph is released, for whatever reason
   */
  own(plan: Plan, gone: () => void): void;
  /** Says that a graph is used, so that others are released before it. */
  use(plan: Plan): void;
  /** Releases a graph that {@link Runner.own} took. */
  disown(plan: Plan): void;
  statistics(): RunnerStatistics;
  dispose(): void;
}

export interface RunnerOptions {
  readonly runtime: Runtime;
  readonly session: SessionOptions;
  readonly blocked: BlockedLayouts | null;
  readonly maxSessions: number;
}

export function runner(options: RunnerOptions, pool: BufferPool): Runner {
  const cache = planCache(options.maxSessions);
  const owned = new Map<Plan, () => void>();
  const counts = { runs: 0, compilations: 0, nodes: 0 };

  /** Leaves share a run-time value only if they did in the plan before and do now. */
  const build = (recording: Recording, outputs: readonly Value[], coarse: Plan | undefined): Plan => {
    const before = new Map<number, number>();
    for (const { classes } of coarse?.scalars ?? []) {
      for (const [k, members] of classes.entries()) for (const member of members) before.set(member, k);
    }
    counts.compilations++;
    return compile(
      recording,
      outputs,
      (leaf) => {
        const value = scalarOf(recording.leaves[leaf]!);
        return `${before.get(leaf)} ${Object.is(value, -0) ? "-0" : value}`;
      },
      options,
    );
  };

  const runPlanned = (recording: Recording, outputs: readonly Value[]): Stored[] => {
    const { signature } = recording;
    for (const output of outputs) signature.push(output.code);
    const hash = signature.hash();
    let plan = cache.find(hash, signature.view());
    let scalars = plan && bindScalars(plan, recording.leaves);
    if (!plan || !scalars) {
      plan = build(recording, outputs, plan);
      cache.add(hash, plan);
      scalars = bindScalars(plan, recording.leaves)!;
    }
    counts.runs++;
    counts.nodes = plan.nodes;
    return execute(plan, (leaf) => recording.leaves[leaf]!.leaf!.stored!, scalars, options.runtime, pool);
  };

  const disown = (plan: Plan): void => {
    const gone = owned.get(plan);
    if (!gone) return;
    owned.delete(plan);
    plan.session.release();
    gone();
  };

  return {
    run: (recording, outputs) => {
      try {
        return runPlanned(recording, outputs);
      } finally {
        for (const { leaf } of recording.leaves) if (leaf!.stored) release(leaf!.stored, pool);
      }
    },
    own: (plan, gone) => {
      counts.compilations++;
      owned.set(plan, gone);
      for (const oldest of owned.keys()) {
        if (owned.size <= options.maxSessions) break;
        disown(oldest);
      }
    },
    use: (plan) => {
      const gone = owned.get(plan);
      if (!gone) return;
      owned.delete(plan);
      owned.set(plan, gone);
    },
    disown,
    statistics: () => ({ ...counts, sessions: cache.size() + owned.size }),
    dispose: () => {
      cache.clear();
      for (const plan of [...owned.keys()]) disown(plan);
    },
  };
}

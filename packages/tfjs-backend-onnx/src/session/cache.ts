import { sameSignature } from "../graph/signature.ts";
import type { Plan } from "./plan.ts";

/** Compiled graphs by signature, least recently used first. */
export interface PlanCache {
  find(hash: number, signature: Int32Array): Plan | undefined;
  /** Adds a plan, in place of one with the same signature; evicts and releases the oldest beyond the limit. */
  add(hash: number, plan: Plan): void;
  size(): number;
  clear(): void;
}

export function planCache(maxPlans: number): PlanCache {
  const plans = new Map<Plan, number>();
  const byHash = new Map<number, Plan[]>();

  const remove = (plan: Plan): void => {
    const hash = plans.get(plan)!;
    plans.delete(plan);
    const left = byHash.get(hash)!.filter((other) => other !== plan);
    if (left.length) byHash.set(hash, left);
    else byHash.delete(hash);
    plan.session.release();
  };
  const find = (hash: number, signature: Int32Array): Plan | undefined =>
    byHash.get(hash)?.find((plan) => sameSignature(plan.signature, signature));

  return {
    find: (hash, signature) => {
      const plan = find(hash, signature);
      if (plan) {
        plans.delete(plan);
        plans.set(plan, hash);
      }
      return plan;
    },
    add: (hash, plan) => {
      const previous = find(hash, plan.signature);
      if (previous) remove(previous);
      plans.set(plan, hash);
      byHash.set(hash, [...(byHash.get(hash) ?? []), plan]);
      for (const oldest of plans.keys()) {
        if (plans.size <= maxPlans) break;
        remove(oldest);
      }
    },
    size: () => plans.size,
    clear: () => {
      for (const plan of [...plans.keys()]) remove(plan);
    },
  };
}

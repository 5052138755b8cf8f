import type { Plan } from "./plan.ts";

/** Compiled graphs that somebody else replays, released at the latest with the runner. */
export interface OwnedPlans {
  /**
   * Takes over a graph; beyond the limit the one used least recently is released.
   *
   * @param gone called when the graph is released, for whatever reason
   */
  own(plan: Plan, gone: () => void): void;
  /** States that a graph is used, so that others are released before it. */
  use(plan: Plan): void;
  /** Releases a graph. */
  disown(plan: Plan): void;
  size(): number;
  clear(): void;
}

/** Makes an empty list of at most `maxPlans`. */
export function ownedPlans(maxPlans: number): OwnedPlans {
  const owned = new Map<Plan, () => void>();
  const disown = (plan: Plan): void => {
    const gone = owned.get(plan);
    if (!gone) return;
    owned.delete(plan);
    plan.session.release();
    gone();
  };
  return {
    own: (plan, gone) => {
      owned.set(plan, gone);
      for (const oldest of owned.keys()) {
        if (owned.size <= maxPlans) break;
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
    size: () => owned.size,
    clear: () => {
      for (const plan of [...owned.keys()]) disown(plan);
    },
  };
}

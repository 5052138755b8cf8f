/** One comparison with a reference, or why there is none. */
export interface Case {
  readonly id: string;
  /** Largest error in units of what is allowed; at most 1 passes. */
  readonly error?: number;
  /** Why it is not run; beside an error, why it failed. */
  readonly reason?: string;
}

/** What became of one golden file. */
export interface GoldenResult {
  readonly passed: number;
  readonly failed: number;
  readonly unsupported: readonly { readonly id: string; readonly reason: string }[];
  readonly failures: readonly { readonly id: string; readonly reason: string }[];
  /** The largest error in units of what is allowed. */
  readonly worst: number;
}

/** Says that a case asks for something that is documented as left out. */
class Unsupported extends Error {}

/** Ends a case as unsupported. */
export function unsupported(reason: string): never {
  throw new Unsupported(reason);
}

/** Runs one case: `compare` returns its error in units of what is allowed; whatever it throws is a failure. */
export function caseOf(id: string, compare: () => number): Case {
  try {
    return { id, error: compare() };
  } catch (error) {
    if (error instanceof Unsupported) return { id, reason: error.message };
    return { id, error: Number.POSITIVE_INFINITY, reason: String(error) };
  }
}

/** As {@link caseOf}, for a comparison that takes its time. */
export async function slowCaseOf(id: string, compare: () => Promise<number>): Promise<Case> {
  try {
    return { id, error: await compare() };
  } catch (error) {
    return caseOf(id, () => {
      throw error;
    });
  }
}

/** Counts cases. */
export function summarise(cases: readonly Case[]): GoldenResult {
  const run = cases.flatMap(({ id, error, reason }) => (error === undefined ? [] : [{ id, error, reason }]));
  const failures = run.filter(({ error }) => !(error <= 1));
  return {
    passed: run.length - failures.length,
    failed: failures.length,
    unsupported: cases.flatMap(({ id, error, reason }) =>
      error === undefined ? [{ id, reason: reason ?? "no reason given" }] : [],
    ),
    failures: failures.map(({ id, error, reason }) => ({
      id,
      reason: reason ?? `${error.toPrecision(3)} times the allowed error`,
    })),
    worst: Math.max(0, ...run.map(({ error }) => error)),
  };
}

/** What a list of numbers may be off: an absolute part, and one relative to the reference's number. */
export interface Allowed {
  readonly abs?: number;
  readonly rel?: number;
}

/** The largest difference in units of what is allowed; Infinity where lengths differ or a number is missing. */
export function errorOf(
  ours: ArrayLike<number>,
  golden: ArrayLike<number | string>,
  { abs = 0, rel = 0 }: Allowed,
): number {
  if (ours.length !== golden.length) return Number.POSITIVE_INFINITY;
  let worst = 0;
  for (let i = 0; i < golden.length; i++) {
    const wanted = Number(golden[i]);
    const given = ours[i]!;
    if (given === wanted) continue;
    const error = Math.abs(given - wanted) / (abs + rel * Math.abs(wanted));
    worst = Math.max(worst, Number.isNaN(error) ? Number.POSITIVE_INFINITY : error);
  }
  return worst;
}

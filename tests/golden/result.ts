/** One comparison with a reference, or why there is none. */
export interface Case {
  readonly id: string;
  /** Largest error in units of what is allowed; at most 1 passes. */
  readonly error?: number;
  /** Why it is not run; next to an error, why it failed. */
  readonly reason?: string;
  /** Members that the case stores and nothing compares. */
  readonly uncompared?: readonly string[];
}

/** A case by its id, with the reason for what became of it. */
export interface Reasoned {
  readonly id: string;
  readonly reason: string;
}

/** What became of one golden file. */
export interface GoldenResult {
  readonly passed: number;
  readonly failed: number;
  readonly unsupported: readonly Reasoned[];
  readonly failures: readonly Reasoned[];
  /** Members that cases store and nothing compares. */
  readonly uncompared: readonly { readonly id: string; readonly members: readonly string[] }[];
  /** The largest error in units of what is allowed. */
  readonly worst: number;
}

/** A case that asks for something that this repository does not have. */
class Unsupported extends Error {}

/** Ends a case as unsupported. */
export function unsupported(reason: string): never {
  throw new Unsupported(reason);
}

/** What became of a case that threw: unsupported, or failed with the error's words. */
export function thrownCase(id: string, error: unknown): Case {
  if (error instanceof Unsupported) return { id, reason: error.message };
  return {
    id,
    error: Number.POSITIVE_INFINITY,
    reason: error instanceof Error ? `${error.name}: ${error.message}` : String(error),
  };
}

/** Runs one case: `compare` returns its error in units of what is allowed; whatever it throws is a failure. */
export function caseOf(id: string, compare: () => number): Case {
  try {
    return { id, error: compare() };
  } catch (error) {
    return thrownCase(id, error);
  }
}

/** As {@link caseOf}, for an asynchronous comparison. */
export async function slowCaseOf(id: string, compare: () => Promise<number>): Promise<Case> {
  try {
    return { id, error: await compare() };
  } catch (error) {
    return thrownCase(id, error);
  }
}

/** Runs the comparisons of one entry of a part. */
export type RunEntry = (entry: never, i: number) => Case | readonly Case[] | Promise<Case | readonly Case[]>;

/**
 * Runs every entry of a part on its own: an error while one entry is read or run fails that entry only. A part that is no
 * list, or an entry that is no object, has failed. A member that is null counts as left out.
 */
export async function entriesOf(part: string, entries: unknown, run: RunEntry): Promise<Case[]> {
  if (!Array.isArray(entries)) return [failedCase(part, `expected a list of cases, got ${kindOf(entries)}`)];
  const cases: Case[] = [];
  for (const [i, entry] of entries.entries()) {
    const id = `${part}/${i}`;
    if (!isRecord(entry)) {
      cases.push(failedCase(id, `expected an object, got ${kindOf(entry)}`));
      continue;
    }
    try {
      const made = await run(withoutNull(entry) as never, i);
      const list = Array.isArray(made) ? (made as readonly Case[]) : [made as Case];
      if (list.length === 0) cases.push(failedCase(id, "the case stores nothing that can be compared"));
      cases.push(...list);
    } catch (error) {
      cases.push(thrownCase(id, error));
    }
  }
  return cases;
}

const withoutNull = (entry: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(entry).filter(([, value]) => value !== null));

/** A case that failed before anything could be compared. */
export function failedCase(id: string, reason: string): Case {
  return { id, error: Number.POSITIVE_INFINITY, reason };
}

/** Whether a value is an object with members, not a list. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What a value is, for messages. */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  return Array.isArray(value) ? "a list" : typeof value === "object" ? "an object" : `a ${typeof value}`;
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
    uncompared: cases.flatMap(({ id, uncompared = [] }) =>
      uncompared.length > 0 ? [{ id, members: uncompared }] : [],
    ),
    worst: run.reduce((most, { error }) => Math.max(most, Number.isNaN(error) ? Infinity : error), 0),
  };
}

/** Members of a case that are in none of the lists of what is read, compared or only text. */
export function membersBut(golden: object, ...known: readonly (readonly string[])[]): string[] {
  const names = new Set(known.flat());
  return Object.keys(golden).filter((name) => !names.has(name));
}

/** What a list of numbers may be off: an absolute part, and one relative to the reference's number. */
export interface Allowed {
  readonly abs?: number;
  readonly rel?: number;
}

/**
 * The largest difference in units of what is allowed; Infinity where lengths differ or a number is missing.
 *
 * @throws Error where the reference stores no list, or an empty one: a case that compares nothing has not passed
 */
export function errorOf(
  ours: ArrayLike<number>,
  golden: ArrayLike<number | string>,
  { abs = 0, rel = 0 }: Allowed,
): number {
  if (golden === undefined || golden === null || typeof golden.length !== "number")
    throw new Error(`expected a list of numbers, the case stores ${kindOf(golden)}`);
  if (golden.length === 0) throw new Error("the case stores no numbers to compare");
  if (ours.length !== golden.length) return Number.POSITIVE_INFINITY;
  let worst = 0;
  for (let i = 0; i < golden.length; i++) {
    const entry = golden[i];
    const wanted = typeof entry === "string" || typeof entry === "number" ? Number(entry) : Number.NaN;
    const given = ours[i]!;
    if (given === wanted) continue;
    const error = Math.abs(given - wanted) / (abs + rel * Math.abs(wanted));
    worst = Math.max(worst, Number.isNaN(error) ? Number.POSITIVE_INFINITY : error);
  }
  return worst;
}

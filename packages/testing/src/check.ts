import { fail } from "@ddpm/core";

/** One promise of a contract, and a function that throws when it is broken: hand both to any test runner. */
export interface Check {
  /** What is proved, e.g. `no tensor is left behind`. */
  readonly name: string;
  /** @throws DdpmError saying where it does not hold */
  run(): void | Promise<void>;
}

/**
 * Runs checks without a test runner, e.g. on a user's plugin before training starts.
 *
 * @param what what is checked, for the message
 * @throws DdpmError naming every check that failed, with its reason
 */
export async function runChecks(what: string, checks: readonly Check[]): Promise<void> {
  const broken: string[] = [];
  for (const { name, run } of checks) {
    try {
      await run();
    } catch (error) {
      broken.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  if (broken.length > 0) fail("testing/check", `${what} breaks its contract. ${broken.join("; ")}`);
}

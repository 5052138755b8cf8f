import { isDdpmError } from "@ddpm/core";

/** A mistake in what was asked for, found before anything was written: exit status 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** Runs checks of what was asked for: a refusal in them is wrong use, not failure. */
export async function asUsage<T>(checks: () => T | Promise<T>): Promise<T> {
  try {
    return await checks();
  } catch (error) {
    if (isDdpmError(error)) throw new UsageError(error.message, { cause: error });
    throw error;
  }
}

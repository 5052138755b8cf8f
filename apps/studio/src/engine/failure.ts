import { isDdpmError } from "@ddpm/core";

/** What went wrong, as the page shows it. */
export interface Failure {
  readonly message: string;
  /** What to do about it. */
  readonly hint?: string;
  /** The device that computes is lost; a new worker has another. */
  readonly lost?: boolean;
}

/** The failure of anything that was thrown; errors of the packages lose their place. */
export function failureOf(error: unknown): Failure {
  if (isDdpmError(error)) {
    const { hint } = error;
    const what = error.message.replace(/^\[[^\]]*\]\s*/, "");
    const message = hint ? what.replace(hint, "").trim() : what;
    return { message, ...(hint ? { hint } : {}) };
  }
  return { message: error instanceof Error ? error.message : String(error) };
}

import { isDdpmError } from "@ddpm/core";
import type { Failure } from "./protocol.ts";

/** Any thrown thing as words: packages' errors without their address, others as they are. */
export function failureOf(error: unknown): Failure {
  if (isDdpmError(error)) {
    const { hint } = error;
    const what = error.message.replace(/^\[[^\]]*\]\s*/, "");
    const message = hint ? what.replace(hint, "").trim() : what;
    return { message, ...(hint ? { hint } : {}) };
  }
  return { message: error instanceof Error ? error.message : String(error) };
}

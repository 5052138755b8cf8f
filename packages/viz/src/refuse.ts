import { fail } from "@ddpm/core";
import type { ErrorPlace } from "@ddpm/core/authoring";

/**
 * Refuses to draw.
 *
 * @param where package and file of the function that was called
 * @param given what it was given
 * @param hint  what to give instead, one sentence
 * @throws DdpmError always
 */
export function refuse(where: ErrorPlace, given: string, hint: string): never {
  fail(where, `Got ${given}.`, hint);
}

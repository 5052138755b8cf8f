import { fail } from "@ddpm/core";

/**
 * Refuses to draw.
 *
 * @param where the function that was called
 * @param given what it was given
 * @param hint  what to give instead, one sentence
 * @throws DdpmError always
 */
export function refuse(where: string, given: string, hint: string): never {
  fail(`viz/${where}`, `Got ${given}.`, hint);
}

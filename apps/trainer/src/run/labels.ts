import { fail } from "@ddpm/core";

/** The labels of samples `first … first + count − 1`, several taking turns. */
export function turns(labels: readonly number[], first: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => labels[(first + i) % labels.length]!);
}

/**
 * Checks a wish for classes against a network.
 *
 * @param verb what to name in the error
 * @throws DdpmError for a class that the network does not know, or guidance without a class
 */
export function checkLabel(
  verb: string,
  labels: readonly number[] | undefined,
  guidance: number,
  classes: number | undefined,
): void {
  const label = labels?.find((one) => one >= (classes ?? 0)) ?? labels?.[0];
  if (label !== undefined && classes === undefined)
    fail(verb, "--label was given, but the network knows no classes.");
  if (label !== undefined && label >= classes!) {
    fail(verb, `--label ${label}, expected a class from 0 to ${classes! - 1}.`);
  }
  if (!Number.isFinite(guidance)) fail(verb, "--guidance expects a number.");
  if (guidance !== 1 && label === undefined)
    fail(verb, "--guidance leans towards a class: give --label, too.");
}

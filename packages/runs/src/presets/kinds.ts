/** A published run as it was, with its mistakes, or as it should have been. */
export type Kind = "faithful" | "corrected";

/** Both kinds of a run. */
export function both<Run>(make: (kind: Kind) => Run): readonly Run[] {
  return [make("faithful"), make("corrected")];
}

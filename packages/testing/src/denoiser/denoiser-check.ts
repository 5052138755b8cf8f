/** One promise of the contract, and a function that throws when it is broken: hand both to any test runner. */
export interface DenoiserCheck {
  /** What is proved, e.g. `images of a batch do not see each other`. */
  readonly name: string;
  /** @throws DdpmError saying where it does not hold */
  run(): Promise<void>;
}

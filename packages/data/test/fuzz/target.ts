/** A parser to be fuzzed. */
export interface Target {
  readonly name: string;
  /** Sound files to begin with. */
  seeds(): Promise<readonly Uint8Array[]>;
  /** Reads all there is to read; throws a DdpmError or returns. */
  run(bytes: Uint8Array, scratch: string): unknown;
  /** What a run may write into the scratch folder, next to the input. */
  readonly writes?: readonly string[];
}

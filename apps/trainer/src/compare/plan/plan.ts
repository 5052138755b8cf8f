import type { Model } from "../../drawing/open-model.ts";
import type { SampleSettings, SampleSource } from "../../eval/samples/samples.ts";
import type { Result } from "../result/result.ts";

/** A network with settings to draw samples from it. */
export interface Drawing {
  readonly model: Model;
  readonly source: SampleSource;
  readonly settings: SampleSettings;
}

/** One of the things that are compared. */
export interface Setting {
  readonly name: string;
  /** The name without the training's seed, where every setting is trained with several. */
  readonly repeated?: string;
  /** Settings are compared within a group: one number of network calls, say. */
  readonly group: string;
  /** What it still needs before samples can be drawn, e.g. `trained`. */
  missing(): Promise<string | undefined>;
  /** Opens its network, for as long as `use` runs. */
  open<Value>(use: (drawing: Drawing) => Promise<Value>): Promise<Value>;
}

/** A fact about a comparison, by name. */
export type Fact = readonly [name: string, value: string];

/** What is compared, and how. */
export interface Plan {
  readonly title: string;
  /** Folder of the comparison. */
  readonly out: string;
  /** What groups count; undefined: one group of trainings. */
  readonly unit: "calls" | "steps" | undefined;
  readonly settings: readonly Setting[];
  /** What was requested and cannot be compared, with reasons. */
  readonly skipped: readonly string[];
  readonly facts: readonly Fact[];
  /** Trains what is not trained yet, and returns the exit status. */
  prepare?(settings: readonly Setting[]): Promise<number>;
  /** SVG of curves: of trainings, or of metrics by network calls. */
  curves(results: readonly Result[]): Promise<string | undefined>;
  close(): void;
}

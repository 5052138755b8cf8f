import type { AnySpec } from "@ddpm/runs/authoring";
import type { ModelChoice } from "../../store/models.ts";

/** Numbers in [−1, 1], [H, W, C] of the network. */
export type GivenPicture = Float32Array;

/** What the trajectory starts from, and where it ends. */
export type SampleTask =
  /** From noise; `first` is the number of the first sample, 0 when left out. */
  | { readonly kind: "noise"; readonly first?: number }
  /** From a picture that is noised to a share of the trajectory (SDEdit). */
  | { readonly kind: "edit"; readonly picture: GivenPicture; readonly strength: number }
  /** A part of a picture redrawn; `keep`, [H · W], is 1 where it stays and 0 where it is painted. */
  | {
      readonly kind: "paint";
      readonly picture: GivenPicture;
      readonly keep: Float32Array;
      readonly jump: number;
      readonly repeats: number;
    }
  /** An interpolation from one to another: `count` pictures, both ends among them. */
  | { readonly kind: "mix"; readonly ends: MixEnds };

/** Seeds of noise, or pictures whose noise is looked for. */
export type MixEnds =
  | { readonly seeds: readonly [number, number] }
  | { readonly pictures: readonly [GivenPicture, GivenPicture] };

export interface SampleInput {
  readonly model: ModelChoice;
  readonly task: SampleTask;
  /** One lane each, all from the same noise; painting has its own and takes no notice. */
  readonly samplers: readonly AnySpec[];
  readonly spacing: AnySpec;
  readonly steps: number;
  readonly count: number;
  readonly seed: number;
  /** Class of each picture; none when left out. */
  readonly labels?: readonly number[];
  /** Caption of all pictures, for a network that reads them; the empty one when left out. */
  readonly prompt?: string;
  readonly guidance: number;
}

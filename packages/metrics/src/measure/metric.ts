import type { Images, Plugin } from "@ddpm/core";
import type { CaptionAttribute, OptionShape, OptionsInput, OptionsOutput } from "@ddpm/core/authoring";
import type { Memorisation } from "../distances/memorisation.ts";
import type { Features } from "../features/features.ts";
import type { HeldOutNetwork } from "../held-out/held-out-network.ts";
import { plugin } from "../plugin.ts";
import type { Estimate } from "../statistics/estimate.ts";

/** Everything that metrics may need, by name. */
export interface MetricInputs {
  /** Features of both sets, by one extractor. */
  readonly features: { readonly real: Features; readonly generated: Features };
  /** Class logits of the generated images. */
  readonly logits: Features;
  /** Both sets, [N, H, W, C] in [−1, 1], of one size. */
  readonly pixels: { readonly real: Images; readonly generated: Images };
  /** The search for training images among the generated ones. */
  readonly memorisation: Memorisation;
  /** The network on held-out images. */
  readonly heldOut: HeldOutNetwork;
  /** What each generated image shows of its caption, by the detector of the data set. */
  readonly attributes: readonly (readonly CaptionAttribute[])[];
}

/** Name of something that a metric may need. */
export type MetricInput = keyof MetricInputs;

/** What a metric gives. */
export interface MetricResult {
  /** Left out where it cannot be estimated; the note says why. */
  readonly estimate?: Estimate;
  /** What tables call this estimate, where it differs from the metric's label. */
  readonly label?: string;
  /** Further estimates that belong to it: terms, ranges. */
  readonly details?: readonly MetricDetail[];
  /** Contribution of each generated image to the estimate, which is their mean: for paired tests. */
  readonly contributions?: Float64Array;
  /** A remark for the reader. */
  readonly note?: string;
}

/** An estimate under the one of its metric. */
export interface MetricDetail {
  readonly label: string;
  readonly estimate: Estimate;
}

/** A metric with its options, ready to compute. */
export interface Metric<Need extends MetricInput = MetricInput> {
  readonly name: string;
  /** What tables call it. */
  readonly label: string;
  /** Which values are better. */
  readonly better: "lower" | "higher";
  readonly needs: readonly Need[];
  /** @throws DdpmError for inputs that do not fit */
  compute(inputs: Pick<MetricInputs, Need>): MetricResult | Promise<MetricResult>;
}

/** What the file of a metric defines; see {@link metric}. */
export interface MetricDefinition<Need extends MetricInput, Shape extends OptionShape>
  extends Omit<Metric<Need>, "compute"> {
  readonly about: string;
  /** Paper and equation. */
  readonly source: string;
  /** A type per option, each with `.describe(meaning)` and `.default(value)`. */
  readonly options: Shape;
  compute(
    inputs: Pick<MetricInputs, Need>,
    options: OptionsOutput<Shape>,
  ): MetricResult | Promise<MetricResult>;
}

/**
 * Makes a metric plugin from its definition.
 *
 * @throws DdpmError from the returned factory for unknown options and values out of range
 */
export function metric<const Need extends MetricInput, Shape extends OptionShape>({
  label,
  better,
  needs,
  compute,
  ...definition
}: MetricDefinition<Need, Shape>): Plugin<OptionsInput<Shape>, Metric<Need>> {
  const { name } = definition;
  return plugin({
    ...definition,
    create: (options): Metric<Need> => ({
      name,
      label,
      better,
      needs,
      compute: (inputs) => compute(inputs, options),
    }),
  });
}

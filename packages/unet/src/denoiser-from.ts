import {
  type Condition,
  type Denoiser,
  expectShape,
  type ParamSpec,
  type Params,
  type Random,
} from "@ddpm/core";
import type { ErrorPlace, TakenConditions } from "@ddpm/core/authoring";
import { checkCondition, outputChannels } from "@ddpm/core/authoring";
import * as tf from "@tensorflow/tfjs-core";
import { checkSamples } from "./input.ts";
import { initialParams, type Run, type Scope } from "./scope.ts";

/** A network as its file writes it down, for samples of this rank; see {@link denoiserFrom}. */
export interface Network<Sample extends tf.Tensor = tf.Tensor4D> extends TakenConditions {
  readonly name: string;
  /** Axes of its samples between batch and channels; 2, those of images, when left out. */
  readonly axes?: number;
  readonly channels: number;
  /** 1 when left out. */
  readonly multiple?: number;
  readonly size?: readonly number[];
  readonly learnsVariance?: boolean;
  /** Channels that `forward` returns; `channels`, or twice as many with `learnsVariance`, when left out. */
  readonly outputs?: number;
  /**
   * @param x      [B, …, C], checked; where the network takes a guess or an image, [guess ‖ x ‖ image] along the
   *   channels, in all what `inputChannels` counts, with zeros for a guess that was not given
   * @param noise  [B]
   * @param labels [B] int32, there exactly when `classes` is; "none" where the caller gave no labels
   */
  forward(run: Run, x: Sample, noise: tf.Tensor1D, condition: Condition): tf.Tensor;
}

/**
 * Turns a network and the parameters declared in `scope` into a {@link Denoiser}, whose `apply` checks
 * what it is given: rank, channels, sizes, labels, conditions the network does not take.
 */
export function denoiserFrom<Sample extends tf.Tensor = tf.Tensor4D>(
  scope: Scope,
  network: Network<Sample>,
): Denoiser {
  const { name, axes = 2, channels, multiple = 1, size, learnsVariance } = network;
  const declared = [...scope.declared];
  const specs: readonly ParamSpec[] = declared.map(({ name, shape, trainable }) => ({
    name,
    shape,
    trainable,
  }));
  return {
    name,
    specs,
    axes,
    channels,
    multiple,
    ...(size ? { size } : {}),
    ...takenBy(network),
    ...(learnsVariance ? { learnsVariance } : {}),
    outputs: outputChannels(network),
    init: (random: Random): Params => initialParams(declared, random),
    apply(params, x, noise, condition, mode) {
      check(network, x, noise, condition);
      const labels = labelsOf(network, x, condition);
      const given = labels ? { ...condition, labels } : condition;
      const all = (): Sample => joined(network, x, given) as Sample;
      return tf.tidy(() => network.forward({ params, mode }, all(), noise, given));
    },
  };
}

/** What a network states about itself. */
type Facts = Omit<Network, "forward">;

function check(network: Facts, x: tf.Tensor, noise: tf.Tensor1D, condition: Condition): void {
  const { name, axes = 2, channels, multiple = 1, size } = network;
  const where: ErrorPlace = `unet/${name}`;
  checkSamples(where, { axes, channels, multiple, ...(size ? { size } : {}) }, x.shape);
  expectShape(where, "noise", noise.shape, [x.shape[0]!]);
  checkCondition(where, network, x.shape, condition);
}

/** The conditions that a network declares, without those that it does not take. */
function takenBy({
  classes,
  imageChannels,
  takesGuess,
  vector,
  vectorParts,
  context,
}: Facts): TakenConditions {
  return {
    ...(classes === undefined ? {} : { classes }),
    ...(vector === undefined ? {} : { vector }),
    ...(vectorParts ? { vectorParts } : {}),
    ...(imageChannels ? { imageChannels } : {}),
    ...(takesGuess ? { takesGuess } : {}),
    ...(context ? { context } : {}),
  };
}

/** All that the first layer sees: the guess first, as lucidrains has it, the image last, as guided-diffusion has it. */
function joined({ takesGuess }: Facts, x: tf.Tensor, { guess, image }: Condition): tf.Tensor {
  const before = takesGuess ? [guess ?? tf.zerosLike(x)] : [];
  const parts = [...before, x, ...(image ? [image] : [])];
  return parts.length === 1 ? x : tf.concat(parts, -1);
}

function labelsOf({ classes }: Facts, x: tf.Tensor, condition: Condition): tf.Tensor1D | undefined {
  if (classes === undefined) return undefined;
  return condition.labels ?? tf.fill([x.shape[0]!], classes, "int32");
}

import {
  type Condition,
  type Denoiser,
  expectShape,
  fail,
  type ParamSpec,
  type Params,
  type Random,
} from "@ddpm/core";
import type { ErrorPlace, TakenConditions } from "@ddpm/core/authoring";
import { checkCondition, outputChannels } from "@ddpm/core/authoring";
import * as tf from "@tensorflow/tfjs-core";
import { initialParams, type Run, type Scope } from "./scope.ts";

/** A network as its file writes it down; see {@link denoiserFrom}. */
export interface Network extends TakenConditions {
  readonly name: string;
  readonly channels: number;
  /** 1 when left out. */
  readonly multiple?: number;
  readonly size?: readonly [height: number, width: number];
  readonly learnsVariance?: boolean;
  /** Channels that `forward` returns; `channels`, or twice as many with `learnsVariance`, when left out. */
  readonly outputs?: number;
  /**
   * @param x      [B, H, W, C], checked; where the network takes a guess or an image, [guess ‖ x ‖ image] along the
   *   channels, in all what `inputChannels` counts, with zeros for a guess that was not given
   * @param noise  [B]
   * @param labels [B] int32, there exactly when `classes` is; "none" where the caller gave no labels
   */
  forward(run: Run, x: tf.Tensor4D, noise: tf.Tensor1D, condition: Condition): tf.Tensor4D;
}

/**
 * Turns a network and the parameters declared in `scope` into a {@link Denoiser}, whose `apply` checks
 * what it is given: rank, channels, sizes, labels, conditions the network does not take.
 */
export function denoiserFrom(scope: Scope, network: Network): Denoiser {
  const { name, channels, multiple = 1, size, learnsVariance } = network;
  const declared = [...scope.declared];
  const specs: readonly ParamSpec[] = declared.map(({ name, shape, trainable }) => ({
    name,
    shape,
    trainable,
  }));
  return {
    name,
    specs,
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
      return tf.tidy(() => network.forward({ params, mode }, joined(network, x, given), noise, given));
    },
  };
}

function check(network: Network, x: tf.Tensor4D, noise: tf.Tensor1D, condition: Condition): void {
  const { name, channels, multiple = 1, size } = network;
  const where: ErrorPlace = `unet/${name}`;
  const [height, width] = size ?? [-1, -1];
  expectShape(where, "x", x.shape, [-1, height, width, channels]);
  expectShape(where, "noise", noise.shape, [x.shape[0]]);
  for (const [axis, word] of [
    [1, "height"],
    [2, "width"],
  ] as const) {
    const given = x.shape[axis]!;
    if (given % multiple === 0 && given > 0) continue;
    const below = Math.floor(given / multiple) * multiple;
    const sizes = [below, below + multiple].filter((near) => near > 0).join(" or ");
    fail(where, `${word} ${given} is no multiple of ${multiple}.`, `The nearest that fit: ${sizes}.`);
  }
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
}: Network): TakenConditions {
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
function joined({ takesGuess }: Network, x: tf.Tensor4D, { guess, image }: Condition): tf.Tensor4D {
  const before = takesGuess ? [guess ?? tf.zerosLike(x)] : [];
  const parts = [...before, x, ...(image ? [image] : [])];
  return parts.length === 1 ? x : tf.concat(parts, 3);
}

function labelsOf({ classes }: Network, x: tf.Tensor4D, condition: Condition): tf.Tensor1D | undefined {
  if (classes === undefined) return undefined;
  return condition.labels ?? tf.fill([x.shape[0]], classes, "int32");
}

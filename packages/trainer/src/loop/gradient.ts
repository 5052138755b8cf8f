import { expectShape, fail, type Mode, type Params } from "@ddpm/core";
import * as tf from "@tensorflow/tfjs-core";
import type { BatchInputs, Minimised } from "../objective/objective.ts";
import { mapTogether } from "../optimizers/arithmetic/pack-tensors.ts";
import { learnedParams } from "./state.ts";

/** What gradients are made from. */
export interface GradientInputs<Inputs extends BatchInputs = BatchInputs> {
  readonly params: Params;
  readonly part: Inputs;
}

/** What a part of a batch gives. */
export interface Gradients {
  /** Mean over the part, []. */
  readonly loss: tf.Scalar;
  /** Of the weights that the loss depends on. */
  readonly gradients: Params;
  /** New values of parameters that the network itself changed: running statistics. */
  readonly statistics: Params;
  /** Image by image, [B], where they are asked for. */
  readonly losses?: tf.Tensor1D;
}

/** Choices of {@link gradientStep}. */
export interface GradientStepOptions {
  /** Whether `losses` are wanted. */
  readonly each?: boolean;
  /** See {@link Mode}. */
  readonly recompute?: boolean;
}

/** One part of a batch → its loss and gradients. */
export function gradientStep<Inputs extends BatchInputs>(
  { network, prepare, loss }: Minimised<Inputs>,
  { each = false, recompute = false }: GradientStepOptions = {},
): (inputs: GradientInputs<Inputs>) => Gradients {
  return ({ params, part }) => {
    const learned = Object.entries(learnedParams(network, params));
    const statistics: Record<string, tf.Tensor> = {};
    const mode = { ...trainingMode(part.dropout, statistics), recompute };
    const inputs = prepare ? prepare(params, part) : part;
    let losses: tf.Tensor1D | undefined;
    const run = (): tf.Scalar => {
      const found = loss(params, inputs, mode);
      if (each) losses = tf.keep(tf.clone(found.perSample));
      return found.loss;
    };
    const weights = learned.map(([, value]) => value);
    const { value, grads } = tf.engine().gradients(run, weights, undefined, true);
    const gradients: Record<string, tf.Tensor> = {};
    learned.forEach(([name], i) => {
      if (grads[i]) gradients[name] = grads[i];
    });
    return { loss: value, gradients, statistics, ...(losses ? { losses } : {}) };
  };
}

/** Sums over the parts of a batch. */
export interface GradientSums {
  readonly loss: tf.Scalar;
  readonly gradients: Params;
}

/** What {@link accumulateStep} adds to. */
export interface AccumulateInputs<Inputs extends BatchInputs = BatchInputs> extends GradientInputs<Inputs> {
  /** Of the part in the batch, in (0, 1], []. */
  readonly share: tf.Scalar;
  readonly sums: GradientSums;
}

/** Adds `share` times the loss and gradients of a part of a batch to the sums over the parts before it. */
export function accumulateStep<Inputs extends BatchInputs>(
  step: (inputs: GradientInputs<Inputs>) => Gradients,
): (inputs: AccumulateInputs<Inputs>) => Gradients {
  return ({ share, sums, ...inputs }) => {
    const found = step(inputs);
    const added = mapTogether(found.gradients, (value, like) =>
      tf.add(like(sums.gradients), tf.mul(value, share)),
    );
    const loss = tf.add(sums.loss, tf.mul(found.loss, share)) as tf.Scalar;
    return { ...found, loss, gradients: added };
  };
}

/** Dropout from the inputs; new statistics into `statistics`, kept beyond the tape's own tidy. */
function trainingMode(dropout: Params, statistics: Record<string, tf.Tensor>): Mode {
  return {
    training: true,
    uniform(name, shape) {
      const numbers =
        dropout[name] ?? fail("trainer/gradient", `dropout layer "${name}" was not there at first.`);
      expectShape("trainer/gradient", `dropout layer "${name}"`, shape, numbers.shape);
      return numbers;
    },
    update(name, value) {
      statistics[name] = tf.keep(tf.clone(value));
    },
  };
}

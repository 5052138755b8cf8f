/**
 * The kernels that TensorFlow.js lacks and this project's layers and optimisers run where the backend registers them:
 * names, inputs, attributes and outputs. All tensors are float32, images are [B, H, W, C].
 */

/** Inputs `x` [B, H, W, C], `scale` and `shift` [1 or B, 1, 1, C]; outputs y like x, mean and 1 / deviation [B, groups]. */
export const GROUP_NORM = "GroupNorm";

/** Inputs `dy`, `x`, `scale`, `shift`, `mean`, `rstd`; outputs the gradients of x, scale and shift. */
export const GROUP_NORM_GRAD = "GroupNormGrad";

/** Attributes of {@link GROUP_NORM} and {@link GROUP_NORM_GRAD}. */
export interface GroupNormAttributes {
  readonly groups: number;
  /** Added to the variance. */
  readonly eps: number;
  /** What follows the norm. */
  readonly activation: "linear" | "silu";
}

/** x · sigmoid(x): input `x`, output y of the same shape. */
export const SILU = "Silu";

/** Inputs `dy` and `x`; output the gradient of x. */
export const SILU_GRAD = "SiluGrad";

/** A convolution plus a bias: inputs `x`, `filter` [k, k, in, out], `bias` [out]; registers its gradient with tfjs-core. */
export const CONV2D_BIAS = "Conv2DBias";

/** Inputs `x` and `dy`; outputs the gradients of filter and bias. */
export const CONV2D_BIAS_GRAD = "Conv2DBiasGrad";

/** Attributes of {@link CONV2D_BIAS}: those of TensorFlow.js' Conv2D that the layers use. */
export interface Conv2DBiasAttributes {
  readonly strides: number;
  readonly pad: "same" | "valid";
  readonly dataFormat: "NHWC";
}

/**
 * Stores tensors one after the other in one buffer, so that one operation treats them all: inputs a list of tensors;
 * output one vector that holds them in this order, at offsets that {@link UNPACK_TENSORS} knows.
 */
export const PACK_TENSORS = "PackTensors";

/** Input `x`, a vector of {@link PACK_TENSORS}; outputs the tensors in it, without a copy. */
export const UNPACK_TENSORS = "UnpackTensors";

/** Attributes of {@link UNPACK_TENSORS}. */
export interface UnpackTensorsAttributes {
  readonly shapes: readonly (readonly number[])[];
}

/** Inputs `a` and `b` of one shape, `weights` [2]; output a · weights[0] + b · weights[1]. */
export const WEIGHTED_SUM = "WeightedSum";

/**
 * A step of Adam: inputs `param`, `gradient`, `mean`, `square`, of one shape, and `numbers` [3], rate, floor and shrink;
 * outputs the new param, mean and square.
 */
export const ADAM_UPDATE = "AdamUpdate";

/** Attributes of {@link ADAM_UPDATE}. */
export interface AdamUpdateAttributes {
  readonly beta1: number;
  readonly beta2: number;
  /** Share of the weight that is added to its gradient first. */
  readonly decay: number;
}

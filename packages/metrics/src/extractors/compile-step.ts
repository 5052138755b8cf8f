import * as tf from "@tensorflow/tfjs-core";

/** Tensors by name. */
export type Tensors = Readonly<Record<string, tf.Tensor>>;

/** A pure function of tensors: same names and shapes at every call, everything that changes is an input. */
export type PureStep = (inputs: Tensors) => Tensors;

/**
 * Makes a step fast: a backend may record the first call and replay it afterwards. What it returns frees its temporaries
 * and leaves the inputs alone; `dispose`, where it is there, gives up what was kept.
 */
export type CompileStep = (step: PureStep) => PureStep & { readonly dispose?: () => void };

/** Runs the step op by op. */
export const interpreted: CompileStep = (step) => (inputs) => tf.tidy(() => ({ ...step(inputs) }));

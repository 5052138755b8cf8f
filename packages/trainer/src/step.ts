import * as tf from "@tensorflow/tfjs-core";

/**
 * A part of a training step as a pure function of tensors: same names and shapes every time, everything that
 * changes is an input, nothing is read back. Outputs are new tensors.
 */
export type StepFunction = (
  inputs: Readonly<Record<string, tf.Tensor>>,
) => Readonly<Record<string, tf.Tensor>>;

/**
 * Makes a step fast: a backend may record the first call and replay it afterwards. What it returns must free its
 * temporaries and leave the inputs alone.
 */
export type CompileStep = (step: StepFunction) => CompiledStep;

/** A step made fast; `dispose`, where it is there, gives up what was kept for that. */
export type CompiledStep = StepFunction & { readonly dispose?: () => void };

/** The same, remembering what it made, so that all of it can be given up at once. */
export function remembering(compile: CompileStep): { readonly compile: CompileStep; dispose(): void } {
  const made: CompiledStep[] = [];
  return {
    compile(step) {
      const compiled = compile(step);
      made.push(compiled);
      return compiled;
    },
    dispose() {
      for (const { dispose } of made.splice(0)) dispose?.();
    },
  };
}

/** Runs the step op by op, every temporary freed at its end. */
export const interpret: CompileStep = (step) => (inputs) => tf.tidy(() => ({ ...step(inputs) }));

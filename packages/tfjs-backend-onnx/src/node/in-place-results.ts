import type * as Native from "onnxruntime-node/dist/binding.js";

/** Runs a session whose outputs all go to memory that the caller gave. */
export type RunInPlace = (run: () => void) => void;

/** Thrown when the first result is delivered: it says nothing about the run, which is over by then. */
const IN_PLACE = new Error("results are in place");

/**
 * Initialises ONNX Runtime so that runs can do without copies of their results.
 *
 * The binding of onnxruntime-node 1.30 writes outputs into the tensors given for them, and then copies each of them into a
 * new tensor once more: for a training step that is all weights and moments, and a full garbage collection each time. It
 * makes these tensors one after the other, after the run, with the constructor that it was initialised with. Inside
 * {@link RunInPlace} that constructor ends the hand-over at the first of them; outside it is the ordinary one. Where
 * somebody else has initialised the binding before, results are copied as ever.
 */
export function initInPlace({ binding, initOrt }: typeof Native): RunInPlace {
  let inPlace = false;
  const { initOrtOnce } = binding;
  binding.initOrtOnce = (logLevel, tensor, isMainThread) => {
    const results = new Proxy(tensor, {
      construct: (target, given) => {
        if (inPlace) throw IN_PLACE;
        return Reflect.construct(target, given);
      },
    });
    initOrtOnce(logLevel, results, isMainThread);
  };
  try {
    initOrt();
  } finally {
    binding.initOrtOnce = initOrtOnce;
  }
  return (run) => {
    inPlace = true;
    try {
      run();
    } catch (error) {
      if (error !== IN_PLACE) throw error;
    } finally {
      inPlace = false;
    }
  };
}

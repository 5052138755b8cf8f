import * as tf from "@tensorflow/tfjs-core";
import type { BackendName } from "./names.ts";

/**
 * Makes a registered backend the current one.
 *
 * @throws when TensorFlow.js refuses it, which it says by returning false
 */
export async function select(name: BackendName): Promise<void> {
  tf.enableProdMode();
  if (!(await tf.setBackend(name))) throw new Error(`TensorFlow.js could not start ${name} here.`);
  await tf.ready();
}

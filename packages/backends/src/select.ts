import { fail } from "@ddpm/core";
import { coreCopies } from "@ddpm/tfjs-kernels/authoring";
import * as tf from "@tensorflow/tfjs-core";

/**
 * Makes a registered backend the current one.
 *
 * @throws DdpmError when TensorFlow.js refuses it, which it says by returning false
 */
export async function select(name: string): Promise<void> {
  tf.enableProdMode();
  const works = await tf.setBackend(name).catch(() => false);
  if (!works)
    fail(`backends/${name}`, `TensorFlow.js could not start the ${name} backend here.`, coreCopies());
  await tf.ready();
}

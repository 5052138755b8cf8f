import { fail, isDdpmError } from "@ddpm/core";
import * as tf from "@tensorflow/tfjs-core";
import type { Check } from "../check.ts";
import type { Lab } from "./lab.ts";

const where = "testing/autoencoder-suite";

/** Memory and refusals. */
export function conductChecks({ autoencoder, size, images, latents, lend }: Lab): readonly Check[] {
  const { factor, channels, latentChannels } = autoencoder;
  return [
    {
      name: "no tensor is left behind, and none is taken away",
      run: () =>
        lend((params) => {
          const [x, z] = [images(2), latents(2)];
          const before = tf.memory().numTensors;
          tf.dispose([autoencoder.encode(params, x), autoencoder.decode(params, z)]);
          const left = tf.memory().numTensors - before;
          tf.dispose([x, z]);
          if (left !== 0) fail(where, `encode and decode leave ${left} tensors more than there were.`);
        }),
    },
    {
      name: "images and latents that it cannot take are refused, with the sizes that fit",
      run: () =>
        lend((params) => {
          const encode = (shape: [number, number, number, number]) => () =>
            autoencoder.encode(params, tf.zeros(shape));
          refused(encode([1, ...size, channels + 1]), []);
          refused(() => autoencoder.decode(params, tf.zeros([1, 2, 2, latentChannels + 1])), []);
          if (factor === 1) return;
          refused(encode([1, factor + 1, 2 * factor, channels]), [`${factor}`, `${2 * factor}`]);
          refused(encode([1, 2 * factor, factor + 1, channels]), [`${factor}`, `${2 * factor}`]);
        }),
    },
  ];
}

function refused(run: () => tf.Tensor, named: readonly string[]): void {
  try {
    tf.tidy(() => void run());
  } catch (error) {
    if (!isDdpmError(error)) throw error;
    const silent = named.find((size) => !error.message.includes(size));
    if (silent) fail(where, `a refusal does not name ${silent}: "${error.message}"`);
    return;
  }
  fail(where, "input that does not fit is not refused.");
}

import { fail, isDdpmError } from "@ddpm/core";
import * as tf from "@tensorflow/tfjs-core";
import type { Check } from "../check.ts";
import type { Lab } from "./lab.ts";

const where = "testing/autoencoder-suite";

/** Memory, refusals, and the codebook where there is one. */
export function conductChecks({ autoencoder, size, images, latents, lend }: Lab): readonly Check[] {
  const { factor, channels, latentChannels, codebook } = autoencoder;
  const checks: Check[] = [
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
  if (!codebook) return checks;
  return [
    ...checks,
    {
      name: "codes are rows of the codebook, and their own nearest rows",
      run: () =>
        lend((params) => {
          const [off, moved, outside] = tf.tidy(() => {
            const { codes, indices } = codebook.quantise(params, latents(2));
            const again = codebook.quantise(params, codes);
            const isRow = tf.logicalAnd(tf.greaterEqual(indices, 0), tf.less(indices, codebook.size));
            const apart = (a: tf.Tensor, b: tf.Tensor): number => tf.max(tf.abs(tf.sub(a, b))).dataSync()[0]!;
            const share = tf.min(tf.cast(isRow, "int32")).dataSync()[0]!;
            return [apart(codebook.lookup(params, indices), codes), apart(again.codes, codes), 1 - share];
          });
          if (outside) fail(where, `indices outside 0 … ${codebook.size - 1}.`);
          if (off! > 0) fail(where, "the rows of the indices are not the codes.");
          if (moved! > 0) fail(where, "codes that are quantised again become other codes.");
        }),
    },
    {
      name: "decoding latents is decoding their codes",
      run: () =>
        lend((params) => {
          const off = tf.tidy(() => {
            const z = latents(2);
            const { codes } = codebook.quantise(params, z);
            const images = codebook.decode(params, codes);
            return tf.max(tf.abs(tf.sub(autoencoder.decode(params, z), images))).dataSync()[0]!;
          });
          if (!(off < 1e-3)) fail(where, `they differ by ${off}.`);
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

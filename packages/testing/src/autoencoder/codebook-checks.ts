import { fail } from "@ddpm/core";
import type { Codebook } from "@ddpm/core/authoring";
import * as tf from "@tensorflow/tfjs-core";
import type { Check } from "../check.ts";
import type { Lab } from "./lab.ts";

const where = "testing/autoencoder-suite";

/** What quantising, looking up and decoding codes have to do with each other. */
export function codebookChecks({ autoencoder, latents, lend }: Lab, codebook: Codebook): readonly Check[] {
  return [
    {
      name: "codes are rows of the codebook, and their own nearest rows",
      run: () =>
        lend((params) => {
          const { strange, off, moved } = tf.tidy(() => {
            const { codes, indices } = codebook.quantise(params, latents(2));
            const beyond = tf.logicalOr(tf.less(indices, 0), tf.greaterEqual(indices, codebook.size));
            return {
              strange: tf.any(beyond).dataSync()[0]!,
              off: largest(tf.sub(codebook.lookup(params, indices), codes)),
              moved: largest(tf.sub(codebook.quantise(params, codes).codes, codes)),
            };
          });
          if (strange) fail(where, `indices outside 0 … ${codebook.size - 1}.`);
          if (off > 0) fail(where, "the rows of the indices are not the codes.");
          if (moved > 0) fail(where, "codes that are quantised again become other codes.");
        }),
    },
    {
      name: "decoding latents is decoding their codes",
      run: () =>
        lend((params) => {
          const off = tf.tidy(() => {
            const z = latents(2);
            const images = codebook.decode(params, codebook.quantise(params, z).codes);
            return largest(tf.sub(autoencoder.decode(params, z), images));
          });
          if (!(off < 1e-3)) fail(where, `they differ by ${off}.`);
        }),
    },
  ];
}

/** The largest absolute number. */
function largest(x: tf.Tensor): number {
  return tf.max(tf.abs(x)).dataSync()[0]!;
}

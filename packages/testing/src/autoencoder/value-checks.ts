import { fail, type Params } from "@ddpm/core";
import * as tf from "@tensorflow/tfjs-core";
import type { Check } from "../check.ts";
import type { Lab } from "./lab.ts";

const where = "testing/autoencoder-suite";

/** What `encode` and `decode` return. */
export function valueChecks(lab: Lab): readonly Check[] {
  const { autoencoder, size, images, latents, lend } = lab;
  const { factor, gaussian, latentChannels, outputs } = autoencoder;
  const passes = [
    ["encode", images, (params: Params, x: tf.Tensor4D) => autoencoder.encode(params, x)],
    ["decode", latents, (params: Params, z: tf.Tensor4D) => autoencoder.decode(params, z)],
  ] as const;
  return [
    {
      name: "latents have the shape that factor and latentChannels promise, and images come back in theirs",
      run: () =>
        lend((params) => {
          const [height, width] = size;
          const shapes = tf.tidy(() => passes.map(([, given, f]) => f(params, given(2)).shape));
          const depth = gaussian ? 2 * latentChannels : latentChannels;
          const expected = [
            [2, height / factor, width / factor, depth],
            [2, height, width, outputs],
          ];
          for (const [i, shape] of shapes.entries())
            if (shape.join() !== expected[i]!.join())
              fail(where, `${passes[i]![0]} returns [${shape}], expected [${expected[i]}].`);
        }),
    },
    {
      name: "images of a batch do not see each other, nor do latents",
      async run() {
        for (const [what, given, f] of passes) {
          const all = await numbers((params) => f(params, given(3)));
          for (let i = 0; i < 3; i++) {
            const alone = await numbers((params) => f(params, tf.slice(given(3), i, 1)));
            const off = distance(all.subarray(i * alone.length, (i + 1) * alone.length), alone);
            if (!(off < 1e-4))
              fail(where, `${what}: item ${i} alone differs from that in a batch by ${off}.`);
          }
        }
      },
    },
    {
      name: "encoding and decoding are deterministic",
      async run() {
        for (const [what, given, f] of passes) {
          const [one, again] = [
            await numbers((params) => f(params, given(2))),
            await numbers((params) => f(params, given(2))),
          ];
          if (one.some((value, i) => value !== again[i])) fail(where, `${what} gives other numbers again.`);
        }
      },
    },
    {
      name: "other inputs give other outputs",
      async run() {
        for (const [what, given, f] of passes) {
          const [one, other] = [
            await numbers((params) => f(params, given(1, 7))),
            await numbers((params) => f(params, given(1, 8))),
          ];
          if (!(distance(one, other) > 1e-4)) fail(where, `${what} gives the same for two inputs.`);
        }
      },
    },
  ];

  function numbers(compute: (params: Params) => tf.Tensor): Promise<Float32Array> {
    return lend(async (params) => {
      const y = tf.tidy(() => compute(params));
      const data = await y.data<"float32">();
      y.dispose();
      return data;
    });
  }
}

/** Largest difference, in units of the largest number of the first. */
function distance(a: Float32Array, b: Float32Array): number {
  const scale = a.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-30);
  return a.reduce((off, value, i) => Math.max(off, Math.abs(value - b[i]!)), 0) / scale;
}

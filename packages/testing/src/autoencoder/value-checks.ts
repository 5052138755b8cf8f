import { fail, type Params } from "@ddpm/core";
import * as tf from "@tensorflow/tfjs-core";
import type { Check } from "../check.ts";
import type { Lab } from "./lab.ts";

const where = "testing/autoencoder-suite";

/** One direction: what goes in, and what it gives. */
interface Pass {
  readonly what: "encode" | "decode";
  given(count: number, seed?: number): tf.Tensor4D;
  run(params: Params, x: tf.Tensor4D): tf.Tensor4D;
  /** Of the result for two items. */
  readonly shape: readonly number[];
}

/** What `encode` and `decode` return. */
export function valueChecks(lab: Lab): readonly Check[] {
  const each = (check: (pass: Pass) => Promise<void>) => async (): Promise<void> => {
    for (const pass of passesOf(lab)) await check(pass);
  };
  const values = (pass: Pass, x: () => tf.Tensor4D): Promise<Float32Array> =>
    lab.lend(async (params) => {
      const y = tf.tidy(() => pass.run(params, x()));
      const data = await y.data<"float32">();
      y.dispose();
      return data;
    });
  return [
    {
      name: "latents have the shape that factor and latentChannels promise, and images come back in theirs",
      run: each(({ what, given, run, shape }) =>
        lab.lend((params) => {
          const made = tf.tidy(() => run(params, given(2)).shape);
          if (made.join() !== shape.join()) fail(where, `${what} returns [${made}], expected [${shape}].`);
        }),
      ),
    },
    {
      name: "images of a batch do not see each other, nor do latents",
      run: each(async (pass) => {
        const all = await values(pass, () => pass.given(3));
        for (let i = 0; i < 3; i++) {
          const alone = await values(pass, () => tf.slice(pass.given(3), i, 1));
          const off = distance(all.subarray(i * alone.length, (i + 1) * alone.length), alone);
          if (!(off < 1e-4))
            fail(where, `${pass.what}: item ${i} alone differs by ${off} from that in a batch.`);
        }
      }),
    },
    {
      name: "encoding and decoding are deterministic",
      run: each(async (pass) => {
        const [one, again] = [
          await values(pass, () => pass.given(2)),
          await values(pass, () => pass.given(2)),
        ];
        if (one.some((value, i) => value !== again[i]))
          fail(where, `${pass.what} gives other numbers the second time.`);
      }),
    },
    {
      name: "other inputs give other outputs",
      run: each(async (pass) => {
        const [one, other] = [
          await values(pass, () => pass.given(1, 7)),
          await values(pass, () => pass.given(1, 8)),
        ];
        if (!(distance(one, other) > 1e-4)) fail(where, `${pass.what} gives the same for two inputs.`);
      }),
    },
  ];
}

function passesOf({ autoencoder, size, images, latents }: Lab): readonly Pass[] {
  const { factor, gaussian, latentChannels, outputs } = autoencoder;
  const [height, width] = size;
  const depth = gaussian ? 2 * latentChannels : latentChannels;
  return [
    {
      what: "encode",
      given: images,
      run: (params, x) => autoencoder.encode(params, x),
      shape: [2, height / factor, width / factor, depth],
    },
    {
      what: "decode",
      given: latents,
      run: (params, z) => autoencoder.decode(params, z),
      shape: [2, height, width, outputs],
    },
  ];
}

/** Largest difference, in units of the largest number of the first. */
function distance(a: Float32Array, b: Float32Array): number {
  const scale = a.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-30);
  return a.reduce((off, value, i) => Math.max(off, Math.abs(value - b[i]!)), 0) / scale;
}

import { fail, isDdpmError, random } from "@ddpm/core";
import { type LatentSpace, sizeOf } from "@ddpm/core/authoring";
import * as tf from "@tensorflow/tfjs-core";
import type { Check } from "../check.ts";

const where = "testing/latent-space-suite";

/** Options of {@link latentSpaceSuite}. */
export interface LatentSpaceSuiteOptions {
  /** Height and width of images to try; four and six times the factor when left out. */
  readonly size?: readonly [height: number, width: number];
}

type Shape = [number, number, number, number];

const normals = (shape: Shape, seed: number): tf.Tensor4D =>
  tf.tensor4d(random(seed).normals(sizeOf(shape)), shape);

/** The largest difference of two tensors of one shape. */
const offBy = (a: tf.Tensor, b: tf.Tensor): number => tf.max(tf.abs(tf.sub(a, b))).dataSync()[0]!;

/**
 * What every {@link LatentSpace} promises, on the active TensorFlow.js backend.
 * Use: `for (const { name, run } of latentSpaceSuite(space)) test(name, run)`.
 */
export function latentSpaceSuite(
  space: LatentSpace,
  options: LatentSpaceSuiteOptions = {},
): readonly Check[] {
  const { factor, channels, imageChannels } = space;
  const size = options.size ?? [4 * factor, 6 * factor];
  const [height, width] = size;
  const given: Given = {
    size,
    images: (seed = 1) => tf.tanh(normals([2, height, width, imageChannels], seed)),
    noise: () => normals([2, height / factor, width / factor, channels], 3),
  };
  return [...valueChecks(space, given), noiseCheck(space, given), ...conductChecks(space, given)];
}

/** What the checks try. */
interface Given {
  readonly size: readonly [height: number, width: number];
  images(seed?: number): tf.Tensor4D;
  /** In the latents' shape. */
  noise(): tf.Tensor4D;
}

function valueChecks(space: LatentSpace, { size, images, noise }: Given): readonly Check[] {
  const { channels, outputs, gaussian } = space;
  return [
    {
      name: "scale and shift are one finite number per channel, scales above 0",
      run() {
        for (const list of [space.scale, space.shift])
          if (list.length !== channels || !list.every(Number.isFinite)) fail(where, `numbers [${list}].`);
        if (space.scale.some((value) => value <= 0)) fail(where, `scales [${space.scale}].`);
      },
    },
    {
      name: "latents have the sizes that sizeOf states, and images come back in theirs",
      run() {
        const [z, x] = tf.tidy(() => [space.encode(images()).shape, space.decode(noise()).shape]);
        const expected = [2, ...space.sizeOf(size), channels];
        if (z!.join() !== expected.join()) fail(where, `latents [${z}], expected [${expected}].`);
        const whole = [2, ...size, outputs];
        if (x!.join() !== whole.join()) fail(where, `images [${x}], expected [${whole}].`);
      },
    },
    {
      name: "the same image and noise give the same latents, other images others",
      run() {
        const [again, other] = tf.tidy(() => {
          const given = gaussian ? noise() : undefined;
          const z = space.encode(images(), given);
          return [offBy(z, space.encode(images(), given)), offBy(z, space.encode(images(2), given))];
        });
        if (again! > 0) fail(where, `the same differ by ${again}.`);
        if (!(other! > 0)) fail(where, "two images have the same latents.");
      },
    },
  ];
}

function noiseCheck(space: LatentSpace, { images, noise }: Given): Check {
  if (!space.gaussian)
    return {
      name: "noise is refused where latents have no distribution",
      run: () => refused(() => space.encode(images(), noise())),
    };
  return {
    name: "latents of opposite noise have those without noise in their middle",
    run() {
      const [off, moved] = tf.tidy(() => {
        const [mean, up] = [space.encode(images()), space.encode(images(), noise())];
        const down = space.encode(images(), tf.neg(noise()));
        const middle = tf.div(tf.add(up, down), 2);
        return [offBy(middle, mean) / (1e-3 + offBy(up, mean)), offBy(up, mean)];
      });
      if (!(moved! > 0)) fail(where, "noise does not change the latents.");
      if (!(off! < 1e-3))
        fail(where, `the middle of z(noise) and z(−noise) is off by ${off} of their distance.`);
    },
  };
}

function conductChecks(space: LatentSpace, { size, images, noise }: Given): readonly Check[] {
  const { factor, channels, imageChannels } = space;
  return [
    {
      name: "encoding and decoding leave no tensor behind",
      run() {
        const [x, z] = [tf.tidy(() => images()), noise()];
        const before = tf.memory().numTensors;
        tf.dispose([space.encode(x), space.decode(z)]);
        const left = tf.memory().numTensors - before;
        tf.dispose([x, z]);
        if (left !== 0) fail(where, `${left} tensors more than there were.`);
      },
    },
    {
      name: "images, latents and noise of other shapes are refused",
      run() {
        refused(() => space.encode(tf.zeros([1, ...size, imageChannels + 1])));
        refused(() => space.decode(tf.zeros([1, 2, 2, channels + 1])));
        refused(() => space.encode(images(), tf.zeros([2, 1, 1, channels])));
        if (factor > 1) refused(() => space.sizeOf([factor + 1, factor]));
      },
    },
  ];
}

function refused(run: () => unknown): void {
  try {
    tf.tidy(() => void run());
  } catch (error) {
    if (isDdpmError(error)) return;
    throw error;
  }
  fail(where, "input that does not fit is not refused.");
}

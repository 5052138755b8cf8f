import { type Condition, fail, isDdpmError, random } from "@ddpm/core";
import * as tf from "@tensorflow/tfjs-core";
import type { DenoiserCheck } from "./denoiser-check.ts";
import { distance } from "./distance.ts";

const where = "testing/denoiser-suite";

/** Tokens of a drawn context. */
export const TOKENS = 4;

/** A network with fixed weights, sample and noise level. */
interface Network {
  /** A whole condition of one sample. */
  condition(): Condition;
  /** Its output under a condition. @throws what the network throws */
  run(condition: () => Condition): Promise<Float32Array>;
}

/**
 * What a network with a context promises.
 *
 * @param width of its tokens
 */
export function contextChecks(width: number, { condition, run }: Network): readonly DenoiserCheck[] {
  const rest = (): Condition => {
    const { context: _, contextMask: __, ...others } = condition();
    return others;
  };
  const tokens = (seed: number, length = TOKENS): tf.Tensor3D =>
    tf.tensor3d(random(seed).normals(length * width), [1, length, width]);
  const seeing = (context: () => tf.Tensor3D, mask?: readonly number[]): Promise<Float32Array> =>
    run(() => ({
      ...rest(),
      context: context(),
      ...(mask ? { contextMask: tf.tensor2d([...mask], [1, mask.length], "int32") } : {}),
    }));
  return [
    {
      name: "the context changes the output, whatever its length",
      async run() {
        const [one, other] = [await seeing(() => tokens(11)), await seeing(() => tokens(12))];
        if (distance(one, other) < 1e-4) fail(where, "two contexts give the same output.");
        await seeing(() => tokens(11, 2 * TOKENS));
      },
    },
    {
      name: "tokens that the mask hides do not change the output",
      async run() {
        const mask = Array.from({ length: TOKENS }, (_, i) => (i === TOKENS - 1 ? 0 : 1));
        const replaced = (): tf.Tensor3D =>
          tf.concat([tf.slice(tokens(11), [0, 0, 0], [1, TOKENS - 1, width]), tokens(13, 1)], 1);
        const off = distance(await seeing(() => tokens(11), mask), await seeing(replaced, mask));
        if (!(off < 1e-4)) fail(where, `a hidden token changes the output by ${off}.`);
      },
    },
    {
      name: "a missing context, and one of another width, are refused",
      async run() {
        await refused("no context is", rest);
        await refused("a context of another width is", () => ({
          ...rest(),
          context: tf.zeros([1, TOKENS, width + 1]),
        }));
      },
    },
  ];

  async function refused(what: string, condition: () => Condition): Promise<void> {
    try {
      await run(condition);
    } catch (error) {
      if (isDdpmError(error)) return;
      throw error;
    }
    fail(where, `${what} not refused.`);
  }
}

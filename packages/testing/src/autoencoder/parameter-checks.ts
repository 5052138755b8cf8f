import { fail, type Mode } from "@ddpm/core";
import type { Autoencoder } from "@ddpm/core/authoring";
import * as tf from "@tensorflow/tfjs-core";
import type { Check } from "../check.ts";
import { declaredParameters } from "../parameter-checks.ts";
import type { AutoencoderSuiteOptions, Lab } from "./lab.ts";

const where = "testing/autoencoder-suite";

/** Names, first values, and gradients of the parameters. */
export function parameterChecks(
  make: () => Autoencoder,
  lab: Lab,
  { dead = [] }: AutoencoderSuiteOptions,
): readonly Check[] {
  const isDead = (name: string): boolean =>
    dead.some((one) => (typeof one === "string" ? one === name : one.test(name)));
  return [
    ...declaredParameters(where, make),
    {
      name: "every trainable parameter is learned, those documented as dead are not",
      async run() {
        const grads = await gradients(lab, { training: true });
        for (const [name, values] of grads) {
          if (!values.every(Number.isFinite)) fail(where, `the gradient of "${name}" is not finite.`);
          const moves = values.some((value) => value !== 0);
          if (moves === isDead(name))
            fail(where, `"${name}" has ${moves ? "a gradient, but is documented as dead" : "no gradient"}.`);
        }
      },
    },
    {
      name: "gradients are the same where blocks are recomputed",
      async run() {
        const kept = await gradients(lab, { training: true });
        const again = await gradients(lab, { training: true, recompute: true });
        for (const [name, values] of kept)
          if (again.get(name)!.some((value, i) => value !== values[i]))
            fail(where, `the gradient of "${name}" changes.`);
      },
    },
  ];
}

/** Gradients of the lab's loss by parameter. */
function gradients(lab: Lab, mode: Mode): Promise<ReadonlyMap<string, Float32Array>> {
  const learned = lab.autoencoder.specs.filter(({ trainable }) => trainable).map(({ name }) => name);
  return lab.lend(async (params) => {
    const grads = tf.tidy(() =>
      tf.grads((...given: tf.Tensor[]) => {
        const now = { ...params, ...Object.fromEntries(learned.map((name, i) => [name, given[i]!])) };
        // TensorFlow.js refuses gradients of what a loss does not touch: touch everything, without effect.
        const touched = given.reduce((sum, value) => tf.add(sum, tf.sum(value)), tf.scalar(0) as tf.Tensor);
        return tf.add(lab.loss(now, lab.images(2), mode), tf.mul(0, touched)) as tf.Scalar;
      })(learned.map((name) => params[name]!)),
    );
    const values = await Promise.all(grads.map((grad) => grad.data<"float32">()));
    tf.dispose(grads);
    return new Map(learned.map((name, i) => [name, values[i]!]));
  });
}

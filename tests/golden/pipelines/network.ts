import * as tf from "@tensorflow/tfjs";
import { conditionOf } from "../../../packages/core/src/authoring.ts";
import { INFERENCE } from "../../../packages/core/src/index.ts";
import { mixGuidance } from "../../../packages/diffusion/src/authoring.ts";
import { sinusoidal } from "../../../packages/unet/src/layers/index.ts";
import type { PipelineCase } from "./case.ts";
import type { Parts } from "./parts.ts";
import { extraNumber, type TextCondition, type TextConditions } from "./texts.ts";

/** What the network of a pipeline saw at its first call, and returned, batch after batch. */
export interface Seen {
  input: tf.Tensor | undefined;
  output: tf.Tensor | undefined;
}

/** The network of a case with guidance: its output at a scaled x, and its time. */
export type Guided = (x: tf.Tensor, t: number) => tf.Tensor;

/**
 * Runs the network as its pipeline does: twice for guidance, three times where an image guides, too, once where guidance is embedded.
 *
 * @param image more channels next to x: of each call of `edit`, the last of which has zeros
 * @param seen  receives the first call
 */
export function guidedNetwork(
  parts: Parts,
  golden: PipelineCase,
  { text, without }: TextConditions,
  image: tf.Tensor4D | undefined,
  seen: Seen,
): Guided {
  const { network, params } = parts.denoiser(golden.unet, text.vector ? 6 : undefined);
  const { guidance_scale: scale, guidance_rescale: rescale = 0 } = golden;
  const embedded = network.vectorParts?.guidance;
  const run = (x: tf.Tensor, t: number, { context, vector }: TextCondition, more?: tf.Tensor4D) => {
    const batch = x.shape[0]!;
    const own = embedded ? embeddingOf(scale, embedded, batch) : vector;
    const condition = conditionOf({ context, vector: own, image: more });
    return network.apply(params, x, tf.fill([batch], t), condition, INFERENCE);
  };
  const calls = (x: tf.Tensor, t: number): readonly { shown: tf.Tensor; f: tf.Tensor }[] => {
    const call = (condition: TextCondition, more = image) => ({
      shown: more ? tf.concat([x, more], 3) : x,
      f: run(x, t, condition, more),
    });
    if (golden.pipeline === "edit") {
      const guides = scale > 1 && extraNumber(golden, "image_guidance_scale") >= 1;
      if (!guides) return [call(text)];
      return [call(text), call(without), call(without, tf.zerosLike(image!))];
    }
    return scale > 1 && !embedded ? [call(without), call(text)] : [call(text)];
  };
  return (x, t) => {
    const made = calls(x, t);
    if (!seen.output) {
      seen.input = tf.keep(
        tf.concat(
          made.map(({ shown }) => shown),
          0,
        ),
      );
      seen.output = tf.keep(
        tf.concat(
          made.map(({ f }) => f),
          0,
        ),
      );
    }
    const [first, second, third] = made.map(({ f }) => f) as [tf.Tensor, tf.Tensor?, tf.Tensor?];
    if (third) {
      const byImage = extraNumber(golden, "image_guidance_scale");
      const withText = tf.mul(scale, tf.sub(first, second!));
      return tf.add(third, tf.add(withText, tf.mul(byImage, tf.sub(second!, third))));
    }
    return second ? mixGuidance(second, first, scale, rescale) : first;
  };
}

/** The embedding of a guidance scale: Meng et al. 2023, as diffusers' `get_guidance_scale_embedding`. */
function embeddingOf(scale: number, width: number, batch: number): tf.Tensor2D {
  return sinusoidal({ width, form: "ho" })(tf.fill([batch], 1000 * (scale - 1)));
}

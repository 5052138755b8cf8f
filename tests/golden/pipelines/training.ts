import * as tf from "@tensorflow/tfjs";
import { latentSpace } from "../../../packages/autoencoder/src/index.ts";
import { conditionOf } from "../../../packages/core/src/authoring.ts";
import { INFERENCE, type Params, timeOfStep } from "../../../packages/core/src/index.ts";
import { lossColumns, objectiveTarget, tensorColumns } from "../../../packages/diffusion/src/authoring.ts";
import { diffuse, eps, minSnr, simple, v } from "../../../packages/diffusion/src/index.ts";
import { float32 } from "../../../packages/weights/src/index.ts";
import { scheduleOf } from "../references/schedules.ts";
import { type Case, errorOf, slowCaseOf, unsupported } from "../result.ts";
import { channelsFirst } from "../unet-inputs.ts";
import { allowedBy, type TrainingCase } from "./case.ts";
import type { Inputs, Tensors } from "./inputs.ts";
import type { Parts } from "./parts.ts";

/** What a network learns to predict, by diffusers' names. */
const predictions = { epsilon: eps, v_prediction: v } as const;

/** The chain of the training script. */
const chain = { beta_start: 0.00085, beta_end: 0.012 };
const STEPS = 1000;

/** The noised latents, the target, the output, the loss with its weights, and the gradients of one training step. */
export async function casesOfTraining(
  parts: Parts,
  tensors: Tensors,
  inputs: Inputs,
  golden: TrainingCase,
): Promise<Case[]> {
  const { name, max_abs_dev_float64: deviations, max_abs: most } = golden;
  const made = await stepOf(parts, inputs, golden);
  const compare = (what: string, ours: ArrayLike<number>, theirs: ArrayLike<number>): Promise<Case> =>
    slowCaseOf(`${name} ${what}`, async () =>
      errorOf(ours, theirs as ArrayLike<number>, { abs: allowedBy(deviations[what], most[what]) }),
    );
  const stored = Object.keys(tensors).filter((key) => key.startsWith(`${name}.`));
  return Promise.all([
    ...stored.map((key) => {
      const what = key.slice(name.length + 1).replace(/^grad\./, "grad ");
      const ours = made.tensors[what];
      return ours
        ? compare(what, ours, float32(tensors[key]!))
        : Promise.resolve({ id: key, reason: `nothing computes ${what}` });
    }),
    compare("loss_per_item", made.losses, golden.loss_per_item),
    compare("weights", made.weights, golden.loss_weights),
    compare("loss", [made.loss], [golden.loss]),
  ]);
}

interface Step {
  readonly tensors: Readonly<Record<string, Float32Array>>;
  readonly losses: Float32Array;
  readonly weights: Float32Array;
  readonly loss: number;
}

async function stepOf(parts: Parts, inputs: Inputs, golden: TrainingCase): Promise<Step> {
  const meaning =
    predictions[golden.prediction as keyof typeof predictions] ??
    unsupported(`the prediction ${golden.prediction} has no counterpart`);
  const unet = parts.denoiser("unet");
  const text = parts.textModel("text_encoder");
  const vae = parts.autoencoder("vae");
  const schedule = scheduleOf("huggingface/diffusers", "scaled_linear", STEPS, chain);
  const gamma = golden.snr_gamma;
  const columns = lossColumns(
    golden.t.map((step) => timeOfStep(step, STEPS)),
    {
      ...{ schedule, parameterization: meaning() },
      weight: gamma ? minSnr({ gamma }) : unweighted(golden.prediction),
    },
  );
  const column = tensorColumns(columns);
  const z = latentSpace({ autoencoder: vae.network, params: vae.params, shift: 0 }).encode(
    inputs.image,
    inputs.noise(0),
  );
  const shift = tf.slice(inputs.noise(2), [0, 0, 0, 0], [-1, 1, 1, -1]);
  const noise = tf.add(inputs.noise(1), tf.mul(golden.noise_offset, shift)) as tf.Tensor4D;
  const seen = tf.add(noise, tf.mul(golden.input_perturbation, inputs.noise(3)));
  const noisy = diffuse(z, seen, column.alpha, column.sigma);
  const target = objectiveTarget({ ...column, x0: z, eps: noise });
  const ids = withDropped(inputs, golden.text_dropped);
  const output = (network: Params, reader: Params): tf.Tensor => {
    const context = text.network.apply(reader, ids).last;
    return unet.network.apply(network, noisy, column.noise, conditionOf({ context }), INFERENCE);
  };
  const each = (f: tf.Tensor): tf.Tensor1D =>
    tf.mean(tf.squaredDifference(f, target), [1, 2, 3]) as tf.Tensor1D;
  const own = Object.entries(unet.params);
  const words = Object.entries(text.params);
  const { value, grads } = tf.valueAndGrads((...weights: tf.Tensor[]) => {
    const named = (list: readonly (readonly [string, tf.Tensor])[], from: number): Params =>
      Object.fromEntries(list.map(([name], i) => [name, weights[from + i]!]));
    const losses = each(output(named(own, 0), named(words, own.length)));
    return tf.mean(tf.mul(losses, column.weight));
  })([...own, ...words].map(([, weight]) => weight));
  const f = tf.tidy(() => output(unet.params, text.params));
  const gradients: Record<string, Float32Array> = {};
  for (const [i, [name]] of [...own, ...words].entries()) {
    const [part, prefix] = i < own.length ? [unet, "unet"] : [text, "text_encoder"];
    const data = await grads[i]!.data<"float32">();
    gradients[`grad ${prefix}.${part.nameOf(name)}`] = part.toTorch(name, data);
  }
  const read = (x: tf.Tensor): Promise<Float32Array> => channelsFirst(x).data<"float32">();
  return {
    tensors: {
      ...gradients,
      latents: await read(z),
      noisy: await read(noisy),
      target: await read(target),
      output: await read(f),
    },
    losses: await each(f).data<"float32">(),
    weights: columns.weight,
    loss: (await value.data())[0]!,
  };
}

/** Every output counts alike. */
function unweighted(prediction: string) {
  const plain = simple();
  if (prediction === "epsilon") return plain;
  return {
    name: "one",
    at: (_moment: unknown, _schedule: unknown, { out }: { out: number }) => 1 / out ** 2,
  };
}

/** Rows of ids, the last of the negative prompts where the text is dropped. */
function withDropped({ promptIds, negativeIds }: Inputs, dropped: readonly number[]): tf.Tensor2D {
  const rows = promptIds.arraySync();
  const empty = negativeIds.arraySync().at(-1)!;
  return tf.tensor2d(
    rows.map((row, i) => (dropped.includes(i) ? empty : row)),
    promptIds.shape,
    "int32",
  );
}

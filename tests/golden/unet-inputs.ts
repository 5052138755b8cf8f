import * as tf from "@tensorflow/tfjs";
import { conditionOf } from "../../packages/core/src/authoring.ts";
import type { Condition, Denoiser } from "../../packages/core/src/index.ts";
import { float32, type SafeTensor } from "../../packages/weights/src/index.ts";
import { unsupported } from "./result.ts";

type Tensors = Readonly<Record<string, SafeTensor>>;

/** Inputs of a network, as the files name them. */
const known = [
  ...["x", "t", "y", "class_labels", "x_self_cond", "augment_labels", "context", "context_mask"],
  ...["timestep_cond", "added.text_embeds", "added.time_ids", "added.image_embeds"],
];

/** Which inputs may hold which part of `condition.vector`. */
const partInputs: Readonly<Record<string, readonly string[]>> = {
  class: ["y", "class_labels"],
  guidance: ["timestep_cond"],
  text: ["added.text_embeds"],
  sizes: ["added.time_ids"],
  image: ["added.image_embeds"],
};

/** What a network is called with. */
export interface NetworkCall {
  readonly x: tf.Tensor;
  readonly condition: Condition;
}

/** The inputs of a file. */
export interface UnetInputs {
  /** Inputs that a gradient can be asked of, by the file's names. */
  readonly leaves: Readonly<Record<string, tf.Tensor>>;
  readonly noise: tf.Tensor1D;
  /** The call that some leaves make, all others as in the file. */
  call(leaves: Readonly<Record<string, tf.Tensor>>): NetworkCall;
  dispose(): void;
}

/** The inputs of a network; one that nothing takes makes the file unsupported. */
export function inputsOf(denoiser: Denoiser, tensors: Tensors): UnetInputs {
  const given = (name: string): SafeTensor | undefined => tensors[`golden.input.${name}`];
  const strange = Object.keys(tensors).find(
    (name) => name.startsWith("golden.input.") && !known.includes(name.slice("golden.input.".length)),
  );
  if (strange) unsupported(`nothing takes ${strange}`);
  const numbers = (name: string): tf.Tensor | undefined => {
    const tensor = given(name);
    return tensor && tf.tensor(float32(tensor), [...tensor.shape]);
  };
  const x = samplesOf(given("x") ?? unsupported("the file stores no golden.input.x"));
  const noise = tf.tensor1d(float32(given("t") ?? unsupported("the file stores no golden.input.t")));
  const labels = labelsOf(denoiser, given("y") ?? given("class_labels"));
  const guess = given("x_self_cond");
  const mask = denoiser.context ? numbers("context_mask") : undefined;
  const fixed = { labels, contextMask: mask as tf.Tensor2D | undefined };
  const named = {
    x,
    x_self_cond: guess && samplesOf(guess),
    context: denoiser.context ? numbers("context") : undefined,
    augment_labels: numbers("augment_labels"),
    ...Object.fromEntries(
      Object.keys(partsOf(denoiser)).flatMap((part) =>
        partInputs[part]!.map((name): [string, tf.Tensor | undefined] => [name, numbers(name)]),
      ),
    ),
  };
  const leaves = Object.fromEntries(Object.entries(named).filter(([, value]) => value)) as Record<
    string,
    tf.Tensor
  >;
  return {
    leaves,
    noise,
    call(some) {
      const all = { ...leaves, ...some };
      const { x, image } = splitImage(denoiser, all.x!);
      const context = all.context as tf.Tensor3D | undefined;
      const vector = vectorOf(denoiser, all, x.shape[0]!);
      const guess = all.x_self_cond;
      return { x, condition: conditionOf({ ...fixed, image, guess, context, vector }) };
    },
    dispose: () => tf.dispose([leaves, noise, Object.values(fixed).filter((value) => value)] as never),
  };
}

/** The parts of `condition.vector` by name. */
function partsOf({ vectorParts, vector }: Denoiser): Readonly<Record<string, number>> {
  return vectorParts ?? (vector ? { class: vector } : {});
}

/** The reference takes a condition image as more channels of x. */
function splitImage(
  { channels, imageChannels = 0 }: Denoiser,
  x: tf.Tensor,
): { x: tf.Tensor; image?: tf.Tensor4D } {
  if (imageChannels === 0) return { x };
  const [own, image] = tf.split(x, [channels, imageChannels], 3) as [tf.Tensor4D, tf.Tensor4D];
  return { x: own, image };
}

/** The vector: augmentation labels, or its parts, zeros for those that the file does not give. */
function vectorOf(
  denoiser: Denoiser,
  given: Readonly<Record<string, tf.Tensor>>,
  batch: number,
): tf.Tensor2D | undefined {
  if (given.augment_labels) return given.augment_labels as tf.Tensor2D;
  const parts = Object.entries(partsOf(denoiser)).map(([part, count]) => {
    const name = partInputs[part]!.find((name) => given[name]);
    return { count, there: name === undefined ? undefined : given[name] };
  });
  if (!parts.some(({ there }) => there)) return undefined;
  return tf.concat(
    parts.map(({ count, there }) => (there ?? tf.zeros([batch, count])) as tf.Tensor2D),
    1,
  );
}

/** Classes as numbers, or as rows with a one (none for no class); undefined where they are numbers of a vector. */
function labelsOf({ classes }: Denoiser, labels: SafeTensor | undefined): tf.Tensor1D | undefined {
  if (!labels || (classes === undefined && labels.shape.length > 1)) return undefined;
  const [images, width] = labels.shape as [number, number?];
  const values = float32(labels);
  if (width === undefined) return tf.tensor1d(values, "int32");
  const rows = Array.from({ length: images }, (_, i) => values.slice(i * width, (i + 1) * width).indexOf(1));
  return tf.tensor1d(
    rows.map((row) => (row < 0 ? width : row)),
    "int32",
  );
}

/** [B, C, …] as [B, …, C]. */
export function samplesOf(stored: SafeTensor): tf.Tensor {
  const axes = stored.shape.map((_, axis) => axis);
  const [batch = 0, channels = 1, ...rest] = axes;
  return tf.tidy(() =>
    tf.transpose(tf.tensor(float32(stored), [...stored.shape]), [batch, ...rest, channels]),
  );
}

/** [B, …, C] as [B, C, …]. */
export function channelsFirst(x: tf.Tensor): tf.Tensor {
  const between = Array.from({ length: x.rank - 2 }, (_, axis) => axis + 1);
  return tf.tidy(() => tf.transpose(x, [0, x.rank - 1, ...between]));
}

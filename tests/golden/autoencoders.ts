import { basename } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { countParams, disposeParams, type Params } from "../../packages/core/src/index.ts";
import { float32, integers, type SafeTensor } from "../../packages/weights/src/index.ts";
import { type AutoencoderCase, openAutoencoder, weightsOf } from "./autoencoder-case.ts";
import { computed } from "./autoencoder-outputs.ts";
import { formulaWeights } from "./formula-weights.ts";
import { indexMargins } from "./index-margins.ts";
import {
  type Case,
  type GoldenResult,
  membersBut,
  slowCaseOf,
  summarise,
  thrownCase,
  unsupported,
} from "./result.ts";
import { difference } from "./unets.ts";

/** What a file declares, what is compared, and its texts. */
const known = [
  ...["name", "reference", "source", "class", "note", "modification", "constructor", "kl_weight", "beta"],
  ...["tiling", "codes_used", "smallest_index_margin", "parameter_count", "trainable_parameter_count"],
  ...["state_dict", "weights", "weights_check", "inputs", "mode", "output_shapes", "loss", "loss_value"],
  ...["loss_float64", "gradients", "parameters_without_gradient", "max_abs_dev_float64"],
];

/** The losses that gradients are of, as the files write them. */
const losses = [
  "mean((decoded - x)^2) + kl_weight * mean over the batch of kl",
  "mean((decoded - x)^2) + loss_legacy",
  "mean((decoded - x)^2)",
];

/** Runs an autoencoder: names, shapes, every output, the loss and every gradient. */
export async function runFile(path: string): Promise<GoldenResult> {
  const cases: Case[] = [];
  try {
    const one = openAutoencoder(path);
    cases.push(...nameCases(one), ...formulaCases(one));
    const params = weightsOf(one);
    cases.push(...(await passCases(one, params)));
    disposeParams(params);
    const uncompared = membersBut(one.file, known);
    if (uncompared.length > 0)
      cases.push({ id: basename(path), reason: `nothing compares ${uncompared.join(", ")}`, uncompared });
  } catch (error) {
    cases.push(thrownCase(basename(path), error));
  }
  return summarise(cases);
}

const exact = (id: string, wrong: number): Case => ({
  id,
  error: wrong === 0 ? 0 : Number.POSITIVE_INFINITY,
});

function nameCases({ file, autoencoder, translated }: AutoencoderCase): Case[] {
  const theirs = new Map(file.state_dict.map(({ name, shape }) => [name, shape.join()]));
  const wrong = autoencoder.specs.filter((ours) => {
    const { name, layout } = translated.names(ours);
    const { shape } = layout.toTorch({ shape: ours.shape, data: new Uint8Array(countParams([ours])) });
    return theirs.get(name) !== shape.join();
  }).length;
  return [
    exact("names and shapes", wrong + Math.abs(theirs.size - autoencoder.specs.length)),
    exact("number of parameters", countParams(autoencoder.specs) - file.parameter_count),
  ];
}

/** The formula's values against those that the file prints. */
function formulaCases({ file }: AutoencoderCase): Case[] {
  const parameters = file.state_dict.filter(({ kind = "parameter" }) => kind === "parameter");
  return Object.entries(file.weights_check?.first_4_values ?? {}).map(([name, { values }]) => {
    const p = parameters.findIndex((entry) => entry.name === name);
    const ours = formulaWeights(p, name, parameters[p]!.shape).slice(0, values.length);
    const { error, allowed } = difference(name, Float32Array.from(values), ours, 0);
    return { id: `formula weights of ${name}`, error: error / allowed };
  });
}

async function passCases(one: AutoencoderCase, params: Params): Promise<Case[]> {
  const { file, tensors } = one;
  if (!losses.includes(file.loss)) unsupported(`nothing computes the loss ${file.loss}`);
  const pass = await passOf(one, params);
  const cases: Case[] = [];
  const near = (id: string, golden: number | undefined, relative: number): void => {
    const [ours] = pass.get(id)!;
    if (golden !== undefined) cases.push({ id, error: Math.abs(ours! / golden - 1) / relative });
  };
  near("loss", file.loss_value, 1e-5);
  const { outputs, grads } = file.max_abs_dev_float64;
  for (const [name, golden] of Object.entries(tensors)) {
    const kind = /^golden\.(output|grad|grad_input)\.(.*)$/.exec(name);
    if (!kind) continue;
    const [, what, key] = kind as unknown as [string, string, string];
    const dev = what === "output" ? outputs[key] : grads[what === "grad" ? key : `input ${key}`];
    cases.push(
      await slowCaseOf(name, async () => {
        const ours = pass.get(name) ?? unsupported(missing(name));
        if (golden.dtype === "I64")
          return unequal(integers(golden), ours) === 0 ? 0 : Number.POSITIVE_INFINITY;
        const { error, allowed } = difference(name, float32(golden), ours, dev);
        return error / allowed;
      }),
    );
  }
  const indices = pass.get("golden.output.indices");
  if (indices && file.codes_used !== undefined)
    cases.push(exact("codes used", new Set(indices).size - file.codes_used));
  const strange = Object.keys(tensors).filter((name) =>
    /^golden\.(?!output|grad|input\.(x|noise)$)/.test(name),
  );
  if (strange.length > 0) unsupported(`nothing compares ${strange.join(", ")}`);
  return cases;
}

function missing(name: string): string {
  return name.includes(".tiled_")
    ? "these tiles do not join to what the whole gives"
    : `nothing computes ${name}`;
}

function unequal(golden: ArrayLike<number | bigint>, ours: Float32Array): number {
  if (golden.length !== ours.length) return Number.POSITIVE_INFINITY;
  return ours.filter((value, i) => value !== Number(golden[i])).length;
}

/** Every output and gradient by the name that the file stores it under, in the reference's layouts. */
async function passOf(one: AutoencoderCase, params: Params): Promise<Map<string, Float32Array>> {
  const { autoencoder, tensors, translated } = one;
  const x = imagesOf(tensors["golden.input.x"] ?? unsupported("the file stores no golden.input.x"));
  const noise = tensors["golden.input.noise"] && imagesOf(tensors["golden.input.noise"]);
  const { outputs, loss } = tf.tidy(() => computed(one, { params, x, noise }));
  const wanted = autoencoder.specs.filter((spec) => `golden.grad.${translated.names(spec).name}` in tensors);
  const grads = tf.grads((...inputs: tf.Tensor[]) => {
    const replaced = Object.fromEntries(wanted.map(({ name }, i) => [name, inputs[i + 1]!]));
    const given = { params: { ...params, ...replaced }, x: inputs[0] as tf.Tensor4D, noise };
    return computed(one, given).loss;
  })([x, ...wanted.map(({ name }) => params[name]!)]);
  const pass = new Map<string, Float32Array>([["loss", Float32Array.of((await loss.data())[0]!)]]);
  const put = async (name: string, value: tf.Tensor): Promise<void> => {
    const turned = value.rank === 4 ? tf.tidy(() => tf.transpose(value, [0, 3, 1, 2])) : value.clone();
    pass.set(name, Float32Array.from(await turned.data()));
    turned.dispose();
  };
  for (const [name, value] of Object.entries(outputs)) await put(`golden.output.${name}`, value);
  if (outputs.latents && autoencoder.codebook) {
    const table = params["codebook.table"] as tf.Tensor2D;
    pass.set("golden.output.index_margin", await indexMargins(outputs.latents, table));
  }
  await put("golden.grad_input.x", grads[0]!);
  for (const [i, spec] of wanted.entries()) {
    const { name, layout } = translated.names(spec);
    const data = await grads[i + 1]!.data<"float32">();
    pass.set(`golden.grad.${name}`, layout.toTorch({ shape: spec.shape, data }).data);
  }
  tf.dispose([x, noise ?? [], outputs, loss, grads]);
  return pass;
}

function imagesOf(tensor: SafeTensor): tf.Tensor4D {
  const shape = tensor.shape as [number, number, number, number];
  return tf.tidy(() => tf.transpose(tf.tensor4d(float32(tensor), shape), [0, 2, 3, 1]));
}

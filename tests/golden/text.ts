import { basename } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { countParams, disposeParams, isDdpmError, type Params } from "../../packages/core/src/index.ts";
import { importWeights, textFamilies } from "../../packages/exchange/src/index.ts";
import type { TextStates } from "../../packages/text/src/authoring.ts";
import { type TextModel, textModels } from "../../packages/text/src/index.ts";
import { float32, integers, readSafetensors, type SafeTensor } from "../../packages/weights/src/index.ts";
import { readGolden } from "./read-golden.ts";
import {
  type Case,
  type GoldenResult,
  membersBut,
  slowCaseOf,
  summarise,
  thrownCase,
  unsupported,
} from "./result.ts";
import { runTokens } from "./text-tokens.ts";
import { difference } from "./unets.ts";

/** What the pass calls the value of the loss. */
const LOSS = "loss";

type Deviations = Readonly<Record<string, number>>;

/** What a text model's JSON says of it, as far as it is used here. */
interface TextFile {
  readonly reference: string;
  readonly class: string;
  readonly constructor: Readonly<Record<string, unknown>>;
  readonly clip_skip?: number;
  readonly parameter_count: number;
  readonly state_dict: readonly { readonly name: string; readonly shape: readonly number[] }[];
  readonly loss_value?: number;
  readonly max_abs_dev_float64: { readonly outputs: Deviations; readonly grads: Deviations };
}

/** What a file declares, what is compared, and its texts. */
const known = [
  ...[
    "name",
    "reference",
    "source",
    "class",
    "note",
    "constructor",
    "clip_skip",
    "parameter_count",
    "weights",
  ],
  ...["trainable_parameter_count", "state_dict", "inputs", "mode", "output_shapes", "loss", "loss_value"],
  ...["last_hidden_is_normed_in_hidden_list", "loss_float64", "gradients", "max_abs_dev_float64"],
];

/** Runs a list of texts with their ids, or a text model: names, shapes, every output, the loss and every gradient. */
export async function runFile(path: string): Promise<GoldenResult> {
  const json = JSON.parse(new TextDecoder().decode(readGolden(path))) as TextFile & {
    readonly cases?: unknown;
  };
  if (json.cases !== undefined) return summarise(await runTokens(json));
  const cases: Case[] = [];
  try {
    cases.push(...(await runModel(json, path)));
    const uncompared = membersBut(json, known);
    if (uncompared.length > 0)
      cases.push({ id: basename(path), reason: `nothing compares ${uncompared.join(", ")}`, uncompared });
  } catch (error) {
    cases.push(thrownCase(basename(path), error));
  }
  return summarise(cases);
}

async function runModel(file: TextFile, path: string): Promise<Case[]> {
  const { tensors } = readSafetensors(readGolden(path.replace(/\.json$/, ".safetensors")));
  const stored = Object.fromEntries(Object.entries(tensors).filter(([name]) => !name.startsWith("golden.")));
  const { spec, names } = translated(file);
  const model = textModels.create(spec);
  const wrong = model.specs.filter((ours) => {
    const { name, layout } = names(ours);
    const { shape } = layout.toTorch({ shape: ours.shape, data: new Uint8Array(countParams([ours])) });
    return file.state_dict.find((entry) => entry.name === name)?.shape.join() !== shape.join();
  }).length;
  const cases: Case[] = [
    { id: "names and shapes", error: wrong + Math.abs(file.state_dict.length - model.specs.length) },
    { id: "number of parameters", error: Math.abs(countParams(model.specs) - file.parameter_count) },
  ].map(({ id, error }) => ({ id, error: error === 0 ? 0 : Number.POSITIVE_INFINITY }));
  const params = importWeights(model, names, stored);
  const pass = await passOf(file, model, params, tensors, names);
  disposeParams(params);
  if (file.loss_value !== undefined) {
    const [ours] = pass.get(`golden.output.${LOSS}`)!;
    cases.push({ id: "loss", error: Math.abs(ours! / file.loss_value - 1) / 1e-5 });
  }
  const { outputs, grads } = file.max_abs_dev_float64;
  for (const [name, golden] of Object.entries(tensors)) {
    const kind = /^golden\.(output|grad)\.(.*)$/.exec(name);
    if (!kind) continue;
    const dev = (kind[1] === "output" ? outputs : grads)[kind[2]!];
    cases.push(
      await slowCaseOf(name, async () => {
        const ours = pass.get(name) ?? unsupported(`nothing computes ${name}`);
        const { error, allowed } = difference(name, float32(golden), ours, dev);
        return error / allowed;
      }),
    );
  }
  return cases;
}

function translated({ reference, class: named, constructor: given }: TextFile) {
  if (!reference.startsWith("huggingface/transformers")) unsupported(`no family reads ${reference}`);
  try {
    return textFamilies.create({ name: "clip", ...given, architectures: [named] });
  } catch (error) {
    if (isDdpmError(error)) return unsupported(error.message);
    throw error;
  }
}

/** Every output and gradient by the name that the file stores it under, in the reference's layouts. */
async function passOf(
  file: TextFile,
  model: TextModel,
  params: Params,
  tensors: Readonly<Record<string, SafeTensor>>,
  names: ReturnType<typeof translated>["names"],
): Promise<Map<string, Float32Array>> {
  const given = (name: string): tf.Tensor2D | undefined => {
    const tensor = tensors[`golden.input.${name}`];
    return (
      tensor && tf.tensor2d([...integers(tensor)].map(Number), tensor.shape as [number, number], "int32")
    );
  };
  const ids = given("ids")!;
  const mask = given("attention_mask");
  const skippedOf = ({ hidden }: TextStates): tf.Tensor3D =>
    hidden[hidden.length - 1 - (file.clip_skip ?? 0)]!;
  const named = (now: Params): Record<string, tf.Tensor> => {
    const states = model.apply(now, ids, mask);
    const skipped = skippedOf(states);
    return {
      ...Object.fromEntries(states.hidden.map((state, k) => [`hidden.${k}`, state])),
      last_hidden_state: states.last,
      [file.class.endsWith("WithProjection") ? "text_embeds" : "pooled"]: states.pooled,
      skipped,
      skipped_normed: model.normed(now, skipped),
    };
  };
  const loss = (now: Params): tf.Scalar => {
    const states = model.apply(now, ids, mask);
    const parts = [states.last, states.pooled, skippedOf(states)].map((part) => tf.mean(tf.square(part)));
    return tf.addN(parts) as tf.Scalar;
  };
  const wanted = model.specs.filter((spec) => `golden.grad.${names(spec).name}` in tensors);
  const outputs = tf.tidy(() => ({ ...named(params), [LOSS]: loss(params) }));
  const grads = tf.grads((...inputs: tf.Tensor[]) =>
    loss({ ...params, ...Object.fromEntries(wanted.map(({ name }, i) => [name, inputs[i]!])) }),
  )(wanted.map(({ name }) => params[name]!));
  const pass = new Map<string, Float32Array>();
  for (const [name, value] of Object.entries(outputs))
    pass.set(`golden.output.${name}`, await value.data<"float32">());
  for (const [i, spec] of wanted.entries()) {
    const { name, layout } = names(spec);
    const data = await grads[i]!.data<"float32">();
    pass.set(`golden.grad.${name}`, layout.toTorch({ shape: spec.shape, data }).data);
  }
  tf.dispose([ids, mask ?? [], outputs, grads]);
  return pass;
}

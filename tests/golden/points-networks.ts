import { basename } from "node:path";
import * as tf from "@tensorflow/tfjs";
import {
  countParams,
  type Denoiser,
  disposeParams,
  type Mode,
  type ParamSpec,
  type Params,
} from "../../packages/core/src/index.ts";
import { pointnetNames, type TensorNames } from "../../packages/exchange/src/authoring.ts";
import { families, importWeights } from "../../packages/exchange/src/index.ts";
import type { PointEncoder } from "../../packages/unet/src/authoring.ts";
import { denoisers, pointnet } from "../../packages/unet/src/index.ts";
import { float32, readSafetensors, type SafeTensor } from "../../packages/weights/src/index.ts";
import { formulaWeights } from "./formula-weights.ts";
import { vaeCases } from "./points-vae.ts";
import { readGolden } from "./read-golden.ts";
import { type Case, type GoldenResult, membersBut, summarise, thrownCase, unsupported } from "./result.ts";
import { type Check, difference } from "./unets.ts";

/** What the JSON of a network for points says of it, as far as it is used here. */
export interface PointsFile {
  readonly class: string;
  readonly constructor: Readonly<Record<string, unknown>>;
  readonly widths_divided_by?: number;
  readonly parameter_count: number;
  readonly weights: string;
  readonly weights_check?: {
    readonly first_4_values: Readonly<Record<string, { readonly values: readonly number[] }>>;
  };
  readonly state_dict: readonly {
    readonly name: string;
    readonly shape: readonly number[];
    readonly kind?: string;
  }[];
  readonly loss?: string;
  readonly loss_value?: number;
  readonly loss_mean_output_squared?: number;
  readonly max_abs_dev_float64: Deviations;
  readonly train_max_abs_dev_float64?: Deviations;
}

interface Deviations {
  readonly output?: number;
  readonly outputs?: Readonly<Record<string, number>>;
  readonly grads?: Readonly<Record<string, number>>;
}

/** Tensors of the file by name. */
export type Tensors = Readonly<Record<string, SafeTensor>>;

const known = [
  ...["name", "reference", "source", "class", "note", "constructor", "widths_divided_by", "layout"],
  ...["parameter_count", "trainable_parameter_count", "state_dict", "weights", "weights_check", "inputs"],
  ...["mode", "output_shape", "output_shapes", "output_first_8", "output_std", "loss", "loss_value"],
  ...["loss_mean_output_squared", "loss_float64", "gradients", "parameters_without_gradient"],
  ...["max_abs_dev_float64", "train_max_abs_dev_float64", "max_abs"],
  ...["t", "kl_weight", "flexibility_of_chain", "noise_draws_per_chain", "reading"],
];

/** Runs PointwiseNet, PointNetEncoder or GaussianVAE: names, shapes, outputs, losses, gradients, running statistics, chains. */
export async function runFile(path: string): Promise<GoldenResult> {
  const cases: Case[] = [];
  try {
    const file = JSON.parse(new TextDecoder().decode(readGolden(path))) as PointsFile;
    const { tensors } = readSafetensors(readGolden(path.replace(/\.json$/, ".safetensors")));
    const run = runners[file.class] ?? unsupported(`no network here is a ${file.class}`);
    const checks = await run(file, tensors);
    cases.push(...weightChecks(file, tensors).concat(checks).map(caseOf), ...left(path, file));
  } catch (error) {
    cases.push(thrownCase(basename(path), error));
  }
  return summarise(cases);
}

const runners: Readonly<Record<string, (file: PointsFile, tensors: Tensors) => Promise<readonly Check[]>>> = {
  PointwiseNet: pointwiseChecks,
  PointNetEncoder: encoderChecks,
  GaussianVAE: vaeCases,
};

function caseOf({ id, error, allowed }: Check): Case {
  const reason = error <= allowed ? {} : { reason: `off by ${error}, allowed ${allowed}` };
  return { id, error: error === 0 ? 0 : error / allowed, ...reason };
}

function left(path: string, file: PointsFile): Case[] {
  const uncompared = membersBut(file, known);
  if (uncompared.length === 0) return [];
  return [{ id: basename(path), reason: `nothing compares ${uncompared.join(", ")}`, uncompared }];
}

/** Published widths, divided as the file says. */
export function divided(widths: readonly number[], { widths_divided_by: by = 1 }: PointsFile): number[] {
  return widths.map((width) => width / by);
}

/** The network of PointwiseNet's arguments. */
export function pointwiseOf(
  file: PointsFile,
  given: Readonly<Record<string, unknown>>,
): { readonly denoiser: Denoiser; readonly names: TensorNames } {
  const widths = divided([128, 256, 512, 256, 128], file);
  const { spec, names } = families.create({ name: "pointwise", ...given, widths });
  return { denoiser: denoisers.create(spec), names };
}

/** The network of PointNetEncoder's arguments. */
export function encoderOf(file: PointsFile, given: Readonly<Record<string, unknown>>): PointEncoder {
  const { zdim, input_dim: inputDim = 3, ...strange } = given as { zdim: number; input_dim?: number };
  if (Object.keys(strange).length > 0) unsupported(`nothing takes ${Object.keys(strange).join(", ")}`);
  const widths = divided([128, 128, 256, 512], file);
  return pointnet({ zdim, inputDim, widths, headWidths: divided([256, 128], file) });
}

/** The reference's state dict: stored in the file, or made by the formula. */
export function stateOf({ state_dict }: PointsFile, tensors: Tensors): Record<string, SafeTensor> {
  let p = 0;
  const entries = state_dict.map(({ name, shape, kind = "parameter" }): [string, SafeTensor] => {
    const index = kind === "parameter" ? p++ : -1;
    const stored = tensors[name];
    if (!stored && index < 0) unsupported(`the file stores no buffer ${name}`);
    return [name, stored ?? { dtype: "F32", shape, data: formulaWeights(index, name, shape) }];
  });
  return Object.fromEntries(entries);
}

function weightChecks({ weights_check, state_dict }: PointsFile, tensors: Tensors): Check[] {
  const parameters = state_dict.filter(({ kind = "parameter" }) => kind === "parameter");
  return Object.entries(weights_check?.first_4_values ?? {}).map(([name, { values }]) => {
    const p = parameters.findIndex((entry) => entry.name === name);
    const stored = tensors[name];
    const ours = stored ? float32(stored) : formulaWeights(p, name, parameters[p]!.shape);
    return difference(`weights of ${name}`, Float32Array.from(values), ours.slice(0, values.length), 0);
  });
}

/** Names, shapes and number of parameters. */
export function nameChecks(
  { state_dict, parameter_count }: PointsFile,
  specs: readonly ParamSpec[],
  names: TensorNames,
): Check[] {
  const theirs = new Map(state_dict.map(({ name, shape }) => [name, shape.join()]));
  const wrong = specs.filter((spec) => {
    const { name, layout } = names(spec);
    const { shape } = layout.toTorch({ shape: spec.shape, data: new Uint8Array(countParams([spec])) });
    return theirs.get(name) !== shape.join();
  }).length;
  const trained = specs.filter(({ trainable }) => trainable);
  return [
    { id: "names and shapes", error: wrong + Math.abs(theirs.size - specs.length), allowed: 0 },
    { id: "number of parameters", error: Math.abs(countParams(trained) - parameter_count), allowed: 0 },
  ];
}

export function tensorOf(tensors: Tensors, name: string): tf.Tensor {
  const stored = tensors[name] ?? unsupported(`the file stores no ${name}`);
  return tf.tensor(float32(stored), [...stored.shape]);
}

/** A network with its weights, as functions of its inputs. */
interface Subject {
  readonly specs: readonly ParamSpec[];
  readonly names: TensorNames;
  readonly params: Params;
  /** Inputs that gradients are taken of, by name. */
  readonly inputs: Readonly<Record<string, tf.Tensor>>;
  /** Outputs by name; the only one of a network is "". */
  outputs(params: Params, inputs: Readonly<Record<string, tf.Tensor>>, mode: Mode): Record<string, tf.Tensor>;
}

/** The loss of the files: squared numbers of every output, their means added. */
const lossOf = (outputs: Readonly<Record<string, tf.Tensor>>): tf.Scalar =>
  tf.addN(Object.values(outputs).map((output) => tf.mean(tf.square(output)))) as tf.Scalar;

/** Outputs, the loss, gradients of weights and inputs and, in training, running statistics. */
async function passChecks(
  file: PointsFile,
  tensors: Tensors,
  { specs, names, params, inputs, outputs }: Subject,
  training = false,
): Promise<Check[]> {
  const prefix = training ? "golden.train." : "golden.";
  const dev = training ? file.train_max_abs_dev_float64 : file.max_abs_dev_float64;
  const after: Record<string, tf.Tensor> = {};
  const mode: Mode = {
    training,
    update(name, value) {
      after[name] = tf.keep(value.clone());
    },
  };
  const found = tf.tidy(() => outputs(params, inputs, mode));
  const wanted = specs.filter((spec) => `${prefix}grad.${names(spec).name}` in tensors);
  const given = Object.entries(inputs);
  const grads = tf.grads((...all: tf.Tensor[]) => {
    const now = Object.fromEntries(wanted.map(({ name }, i) => [name, all[given.length + i]!]));
    const own = Object.fromEntries(given.map(([name], i) => [name, all[i]!]));
    return lossOf(outputs({ ...params, ...now }, own, { training }));
  })([...given.map(([, value]) => value), ...wanted.map(({ name }) => params[name]!)]);

  const ours = new Map<string, { readonly data: Float32Array; readonly dev: number | undefined }>();
  for (const [name, value] of Object.entries(found)) {
    const stated = name === "" ? dev?.output : dev?.outputs?.[name];
    ours.set(`output${name && `.${name}`}`, { data: await value.data<"float32">(), dev: stated });
  }
  for (const [i, [name]] of given.entries())
    ours.set(`grad_input.${name}`, {
      data: await grads[i]!.data<"float32">(),
      dev: dev?.grads?.[`input ${name}`],
    });
  const put = async (kind: string, spec: ParamSpec, value: tf.Tensor, stated?: number): Promise<void> => {
    const { name, layout } = names(spec);
    const { data } = layout.toTorch({ shape: spec.shape, data: await value.data<"float32">() });
    ours.set(`${kind}.${name}`, { data, dev: stated });
  };
  for (const [i, spec] of wanted.entries())
    await put("grad", spec, grads[given.length + i]!, dev?.grads?.[names(spec).name]);
  for (const spec of specs) if (after[spec.name]) await put("after", spec, after[spec.name]!);
  const checks = compared(tensors, prefix, ours);
  const loss = file.loss_value ?? file.loss_mean_output_squared;
  if (loss !== undefined && !training) {
    const mean = tf.tidy(() => lossOf(found).dataSync()[0]!);
    checks.push(difference("loss", Float32Array.of(loss), Float32Array.of(mean), 1e-5 * loss));
  }
  tf.dispose([found, grads, after]);
  return checks;
}

/** Every stored number of a pass against ours; one that nothing computes is a failed check. */
function compared(
  tensors: Tensors,
  prefix: string,
  ours: ReadonlyMap<string, { readonly data: Float32Array; readonly dev: number | undefined }>,
): Check[] {
  const stored = Object.keys(tensors).filter(
    (name) =>
      name.startsWith(prefix) &&
      !/^golden\.input\./.test(name) &&
      (prefix !== "golden." || !name.startsWith("golden.train.")),
  );
  return stored.map((name): Check => {
    const found = ours.get(name.slice(prefix.length));
    if (!found) return { id: `nothing computes ${name}`, error: 1, allowed: 0 };
    return difference(name, float32(tensors[name]!), found.data, found.dev);
  });
}

async function pointwiseChecks(file: PointsFile, tensors: Tensors): Promise<Check[]> {
  const { denoiser, names } = pointwiseOf(file, file.constructor);
  const params = importWeights(denoiser, names, stateOf(file, tensors));
  const noise = tensorOf(tensors, "golden.input.beta") as tf.Tensor1D;
  const hasCode = "golden.input.context" in tensors;
  const inputs = {
    x: tensorOf(tensors, "golden.input.x"),
    ...(hasCode ? { context: tensorOf(tensors, "golden.input.context") } : {}),
  };
  const checks = await passChecks(file, tensors, {
    ...{ specs: denoiser.specs, names, params, inputs },
    outputs: (now, { x, context }, mode) => ({
      "": denoiser.apply(now, x!, noise, context ? { vector: context as tf.Tensor2D } : {}, mode),
    }),
  });
  disposeParams(params);
  tf.dispose([noise, inputs]);
  return [...nameChecks(file, denoiser.specs, names), ...checks];
}

async function encoderChecks(file: PointsFile, tensors: Tensors): Promise<Check[]> {
  const encoder = encoderOf(file, file.constructor);
  const params = importWeights(encoder, pointnetNames, stateOf(file, tensors));
  const inputs = { x: tensorOf(tensors, "golden.input.x") };
  const subject: Subject = {
    ...{ specs: encoder.specs, names: pointnetNames, params, inputs },
    outputs(now, { x }, mode) {
      const { mean, logVariance } = encoder.apply(now, x as tf.Tensor3D, mode);
      return { mean, logvar: logVariance };
    },
  };
  const checks = await passChecks(file, tensors, subject);
  if ("golden.train.output.mean" in tensors) checks.push(...(await passChecks(file, tensors, subject, true)));
  disposeParams(params);
  tf.dispose(inputs);
  return [...nameChecks(file, encoder.specs, pointnetNames), ...checks];
}

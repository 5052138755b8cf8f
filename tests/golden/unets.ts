import { basename } from "node:path";
import * as tf from "@tensorflow/tfjs";
import {
  countParams,
  type Mode,
  type ParamSpec,
  type Params,
  random,
} from "../../packages/core/src/index.ts";
import { float32, type SafeTensor } from "../../packages/weights/src/index.ts";
import { formulaWeights } from "./formula-weights.ts";
import { type Case, type GoldenResult, membersBut, summarise, thrownCase, unsupported } from "./result.ts";
import { openUnet, type UnetCase, weightsOf } from "./unet-case.ts";
import { channelsFirst, inputsOf } from "./unet-inputs.ts";
import { runTraining } from "./unet-training.ts";

/** One comparison: error and what is allowed. */
export interface Check {
  readonly id: string;
  readonly error: number;
  readonly allowed: number;
}

/** Multiplications, in units of a parameter for every pixel and item, that the cpu backend gets: about a minute. */
const CPU_LIMIT = 1e9;

/**
 * Runs one network, given the path of its JSON file: names, shapes, number of parameters, output and every listed
 * gradient, in training mode too where the file has it, or a whole training run; on the backend that is active.
 */
export async function runFile(path: string): Promise<GoldenResult> {
  const parts = ["names", "network", "training mode", "training"] as const;
  const name = basename(path);
  const cases: Case[] = [];
  try {
    const unet = openUnet(path);
    for (const part of parts) cases.push(...(await casesOf(unet, part)));
    const uncompared = membersBut(unet.file, known);
    if (uncompared.length > 0)
      cases.push({ id: name, reason: `nothing compares ${uncompared.join(", ")}`, uncompared });
  } catch (error) {
    cases.push(thrownCase(name, error));
  }
  return summarise(cases);
}

/** What a file declares, what is compared, and its texts. */
const known = [
  "name",
  "reference",
  "source",
  "modification",
  "class",
  "loss_float64",
  "parameters_without_gradient",
  "note",
  "constructor",
  "parameter_count",
  "trainable_parameter_count",
  "weights",
  "weights_check",
  "state_dict",
  "inputs",
  "mode",
  "gradients",
  "output_shape",
  "output_first_8",
  "output_std",
  "loss_mean_output_squared",
  "train_mode",
  "class",
  "loss_float64",
  "parameters_without_gradient",
  "procedure",
  "loss_per_step",
  "grad_norm_before_clipping_per_step",
  "ema_decay_per_step",
  "float64",
  "max_abs_dev_float64",
  "max_abs_dev_float64_final",
  "max_abs_change_final",
];

/** The checks of one part, each a case: an error in one part leaves the others. */
async function casesOf(unet: UnetCase, part: string): Promise<Case[]> {
  const { file, tensors } = unet;
  try {
    const checks = await checksOf();
    return checks.map(({ id, error, allowed }) => ({
      id,
      error: error === 0 ? 0 : error / allowed,
      ...(error <= allowed ? {} : { reason: `off by ${error}, allowed ${allowed}` }),
    }));
  } catch (error) {
    return [thrownCase(part, error)];
  }

  async function checksOf(): Promise<readonly Check[]> {
    if (part === "names") return checkNames(unet);
    if (part === "training") return file.procedure ? runTraining(unet) : [];
    if (!file.weights || file.procedure) return [];
    if (part === "training mode") return "golden.train.output" in tensors ? checkNetwork(unet, true) : [];
    checkCost(unet);
    const training = file.mode?.startsWith("train") === true;
    return [...(await weightChecks(unet)), ...(await checkNetwork(unet, training, "golden."))];
  }
}

/** On the cpu backend, which is the oracle of small cases, a large network would take hours. */
function checkCost({ file, tensors }: UnetCase): void {
  const [batch = 1, , ...sides] = tensors["golden.input.x"]?.shape ?? [];
  const work = file.parameter_count * batch * sides.reduce((product, side) => product * side, 1);
  if (tf.getBackend() === "cpu" && work > CPU_LIMIT)
    unsupported(
      `${work.toPrecision(2)} parameters times pixels are above the cpu backend's limit of ${CPU_LIMIT}`,
    );
}

/** The formula's values, or those stored instead, against those that the file prints. */
async function weightChecks({ file, tensors }: UnetCase): Promise<Check[]> {
  const { first_4_values: firsts = {} } = file.weights_check ?? {};
  const entries = file.state_dict.filter(({ kind = "parameter" }) => kind === "parameter");
  return Object.entries(firsts).map(([name, { values }]) => {
    const p = entries.findIndex((entry) => entry.name === name);
    const stored = tensors[name];
    const known = p < 0 ? new Float32Array() : formulaWeights(p, name, entries[p]!.shape);
    const ours = (stored ? float32(stored) : known).slice(0, values.length);
    return difference(`formula weights of ${name}`, Float32Array.from(values), ours, 0);
  });
}

function checkNames({ file, denoiser, translated }: UnetCase): Check[] {
  const theirs = new Map(file.state_dict.map((entry) => [entry.name, entry]));
  const constants = Object.entries(translated.names.constants ?? {}).map(([name, { shape }]) => ({
    name,
    shape,
  }));
  const ours = denoiser.specs.map((spec) => {
    const { name, layout } = translated.names(spec);
    const data = new Uint8Array(spec.shape.reduce((product, size) => product * size, 1));
    return { name, spec, shape: layout.toTorch({ shape: spec.shape, data }).shape };
  });
  const all = [...ours, ...constants];
  const wrong = all.filter(({ name, shape }) => theirs.get(name)?.shape.join() !== shape.join()).length;
  const counted = ours.filter(({ name }) => (theirs.get(name)?.kind ?? "parameter") === "parameter");
  const count = countParams(counted.map(({ spec }) => spec));
  return [
    { id: "names and shapes", error: wrong + Math.abs(theirs.size - all.length), allowed: 0 },
    { id: "number of parameters", error: Math.abs(count - file.parameter_count), allowed: 0 },
  ];
}

/** Numbers of one pass, by what they are, in the reference's layouts. */
type Pass = Map<string, Float32Array>;

/** Output, gradients and, in training, running statistics. */
async function checkNetwork(
  unet: UnetCase,
  training: boolean,
  golden = training ? "golden.train." : "golden.",
): Promise<Check[]> {
  const { tensors, file } = unet;
  const params = await weightsOf(unet);
  const pass = await passOf(unet, params, training, golden);
  const compare = (noise: (name: string) => number | undefined): Check[] =>
    [...pass]
      .filter(([name]) => name in tensors || name.endsWith(".output"))
      .map(([name, ours]) => {
        const wanted = tensors[name] ?? unsupported(`the file stores no ${name}`);
        return difference(name, float32(wanted), ours, noise(name.slice(golden.length)));
      });
  const checks =
    training && golden !== "golden."
      ? await compareByMoving(unet, params, pass, compare)
      : compare(statedNoise(file.max_abs_dev_float64));
  tf.dispose({ ...params });
  const skipped =
    golden === "golden.train." ? /^(?!golden\.train\.)/ : /^(?!golden\.)|^golden\.(input|train)\./;
  const missed = Object.keys(tensors).filter((name) => !skipped.test(name) && !pass.has(name));
  if (missed.length > 0)
    checks.push({ id: `nothing compares ${missed.join(", ")}`, error: missed.length, allowed: 0 });
  const about = golden === "golden." ? file : (file.train_mode ?? {});
  return [...checks, ...summaryChecks(about, pass.get(`${golden}output`)!, tensors[`${golden}output`]!)];
}

/** What a file prints about an output next to storing it. */
function summaryChecks(
  about: Pick<
    UnetCase["file"],
    "loss_mean_output_squared" | "output_first_8" | "output_std" | "output_shape"
  >,
  output: Float32Array,
  stored: SafeTensor,
): Check[] {
  const mean = (values: Float32Array, of: (value: number) => number) =>
    values.reduce((sum, value) => sum + of(value), 0) / values.length;
  const centre = mean(output, (value) => value);
  const deviation = Math.sqrt(
    output.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (output.length - 1),
  );
  const {
    loss_mean_output_squared: loss,
    output_first_8: first,
    output_std: std,
    output_shape: shape,
  } = about;
  const number = (id: string, ours: number, golden: number | undefined) =>
    golden === undefined
      ? []
      : [difference(id, Float32Array.of(golden), Float32Array.of(ours), Math.abs(golden) * 1e-5)];
  return [
    ...number(
      "mean of output squared",
      mean(output, (value) => value ** 2),
      loss,
    ),
    ...number("deviation of the output", deviation, std),
    ...(first
      ? [
          difference(
            "first numbers of the output",
            Float32Array.from(first),
            output.slice(0, first.length),
            5e-6,
          ),
        ]
      : []),
    ...(shape
      ? [{ id: "shape of the output", error: shape.join() === stored.shape.join() ? 0 : 1, allowed: 0 }]
      : []),
  ];
}

/** The reference's own float32 error, where the file states it. */
function statedNoise(dev: UnetCase["file"]["max_abs_dev_float64"]): (name: string) => number | undefined {
  return (name) => {
    const stated =
      name === "output"
        ? dev?.output
        : dev?.grads[name.replace(/^grad_input\./, "input ").replace(/^grad\./, "")];
    return typeof stated === "number" ? stated : undefined;
  };
}

/** How often the weights and pixels of every network are moved, and at most those of one whose numbers still differ. */
const [FEWEST_MOVES, MOST_MOVES] = [3, 16];

/**
 * Compares where the file states no float32 error: with how far the numbers move when every weight and pixel moves by
 * one rounding. Statistics of a batch of two or three pixels are badly conditioned, and a rounding that turns the sign
 * before a ReLU makes gradients jump, but not in every draw: where numbers differ, more draws show which of the two it is.
 */
async function compareByMoving(
  unet: UnetCase,
  params: Params,
  pass: Pass,
  compare: (noise: (name: string) => number | undefined) => Check[],
): Promise<Check[]> {
  const farthest = new Map<string, number>();
  let checks: Check[] = [];
  for (let seed = 0; seed < MOST_MOVES; seed++) {
    const moved = await movedPass(unet, params, seed);
    for (const [name, values] of pass) {
      const off = values.reduce(
        (most, value, i) => Math.max(most, Math.abs(value - moved.get(name)![i]!)),
        0,
      );
      farthest.set(name, Math.max(farthest.get(name) ?? 0, off));
    }
    if (seed + 1 < FEWEST_MOVES) continue;
    checks = compare((name) => farthest.get(`golden.train.${name}`));
    if (checks.every(({ error, allowed }) => error <= allowed)) break;
  }
  return checks;
}

/** The pass in training mode after every weight and pixel moved by one rounding, up or down. */
async function movedPass(unet: UnetCase, params: Params, seed: number): Promise<Pass> {
  const stream = random(seed);
  const jitter = (x: tf.Tensor): tf.Tensor => {
    const factors = stream.uniforms(x.size).map((u) => 1 + (u < 0.5 ? -1 : 1) * 2 ** -23);
    return tf.tidy(() => tf.mul(x, tf.tensor(factors, x.shape)));
  };
  const shaken = Object.fromEntries(Object.entries(params).map(([name, value]) => [name, jitter(value)]));
  const pass = await passOf(unet, shaken, true, "golden.train.", jitter);
  tf.dispose(shaken);
  return pass;
}

async function passOf(
  { denoiser, tensors, translated }: UnetCase,
  params: Params,
  training: boolean,
  golden: string,
  change: (x: tf.Tensor) => tf.Tensor = (x) => x.clone(),
): Promise<Pass> {
  const inputs = inputsOf(denoiser, tensors);
  const leaves: Readonly<Record<string, tf.Tensor>> = { ...inputs.leaves, x: change(inputs.leaves.x!) };
  const after: Record<string, tf.Tensor> = {};
  const mode: Mode = {
    training,
    update(name, value) {
      after[name] = tf.keep(value.clone());
    },
  };
  const run = (params: Params, given: Readonly<Record<string, tf.Tensor>>, mode: Mode): tf.Tensor => {
    const { x, condition } = inputs.call(given);
    return denoiser.apply(params, x, inputs.noise, condition, mode);
  };
  const output = tf.tidy(() => run(params, leaves, mode));
  const wanted = denoiser.specs.filter((spec) => `${golden}grad.${translated.names(spec).name}` in tensors);
  const asked = Object.keys(leaves).filter(
    (name) => name === "x" || `${golden}grad_input.${name}` in tensors,
  );
  const grads = tf.grads((...given: tf.Tensor[]) => {
    const replaced = Object.fromEntries(wanted.map(({ name }, i) => [name, given[asked.length + i]!]));
    const changed = { ...leaves, ...Object.fromEntries(asked.map((name, i) => [name, given[i]!])) };
    return tf.mean(tf.square(run({ ...params, ...replaced }, changed, { training })));
  })([...asked.map((name) => leaves[name]!), ...wanted.map(({ name }) => params[name]!)]);

  const pass: Pass = new Map();
  const put = async (name: string, value: tf.Tensor, spec?: ParamSpec): Promise<void> => {
    const turned = /^(output|grad_input\.x(_self_cond)?)$/.test(name) ? channelsFirst(value) : value.clone();
    const data = await turned.data<"float32">();
    turned.dispose();
    const layout = spec && translated.names(spec).layout;
    pass.set(`${golden}${name}`, layout ? layout.toTorch({ shape: spec.shape, data }).data : data);
  };
  await put("output", output);
  for (const [i, name] of asked.entries()) await put(`grad_input.${name}`, grads[i]!);
  for (const [i, spec] of wanted.entries())
    await put(`grad.${translated.names(spec).name}`, grads[asked.length + i]!, spec);
  for (const spec of denoiser.specs) {
    const name = `after.${translated.names(spec).name}`;
    if (`${golden}${name}` in tensors) await put(name, after[spec.name]!, spec);
  }
  inputs.dispose();
  tf.dispose([leaves.x!, output, grads, after]);
  return pass;
}

/** Allowed: four times the reference's own float32 error, 1e-6, and as much relative to the largest number. */
export function difference(
  id: string,
  golden: Float32Array,
  ours: Float32Array,
  dev: number | undefined,
): Check {
  if (golden.length !== ours.length) return { id, error: Number.POSITIVE_INFINITY, allowed: 0 };
  let error = 0;
  let largest = 0;
  for (let i = 0; i < golden.length; i++) {
    const off = Math.abs(golden[i]! - ours[i]!);
    if (!(off <= error)) error = off;
    largest = Math.max(largest, Math.abs(golden[i]!));
  }
  const noise = dev ?? largest * 2e-6;
  return { id, error, allowed: 4 * noise + 1e-6 + 1e-6 * largest };
}

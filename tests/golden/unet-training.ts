import * as tf from "@tensorflow/tfjs";
import { interpret, mapTree } from "../../packages/core/src/contracts/step.ts";
import type {
  CompileStep,
  ImageStream,
  Images,
  NoiseSchedule,
  Parameterization,
  TimeSampler,
} from "../../packages/core/src/index.ts";
import type { ElementLoss } from "../../packages/diffusion/src/authoring.ts";
import { eps, losses, simple, v, x0 } from "../../packages/diffusion/src/index.ts";
import { schedules } from "../../packages/schedules/src/index.ts";
import type { StepEvent } from "../../packages/trainer/src/authoring.ts";
import {
  disposeState,
  initialState,
  type TrainingLoopOptions,
  type TrainState,
  trainingLoop,
} from "../../packages/trainer/src/index.ts";
import { float32, type SafeTensor } from "../../packages/weights/src/index.ts";
import type { Declared } from "./declared.ts";
import { emaPytorch } from "./ema-cases.ts";
import { torchOptimizer } from "./references/optimizers.ts";
import { isRecord, membersBut, unsupported } from "./result.ts";
import { channelsLast } from "./sampling/file.ts";
import { type UnetCase, weightsOf } from "./unet-case.ts";
import { type Check, difference } from "./unets.ts";

/** Repeats the recorded training with `train`: loss, optimiser, rates, clipping and average as the file's `procedure` says. */
export async function runTraining(unet: UnetCase): Promise<Check[]> {
  const { file, tensors, denoiser } = unet;
  const procedure = file.procedure as unknown as Declared;
  const unknown = membersBut(procedure, known);
  if (unknown.length > 0) unsupported(`nothing repeats ${unknown.join(", ")} of the procedure`);
  const { steps, T } = procedure as { steps: number; T: number };
  const { optimizer, rate } = torchOptimizer(
    String(procedure.optimizer),
    (procedure.optimizer_options ?? {}) as Declared,
    typeof procedure.torch === "string" ? procedure.torch : "",
  );
  checkTexts(procedure);
  const batches = batchesOf(tensors, steps, T);
  const averaged = isRecord(procedure.ema_pytorch_options)
    ? { ema: emaPytorch(procedure.ema_pytorch_options) }
    : {};
  const options = {
    denoiser,
    ...objectiveOf(String(procedure.loss)),
    schedule: scheduleOf(String(procedure.betas), T),
    weight: simple(),
    images: batches.images,
    times: batches.times,
    compile: batches.compile,
    batch: batches.batch,
    optimizer,
    learningRate: { name: "recorded", at: ratesOf(procedure.lr_of_step, rate) },
    ...averaged,
    ...(typeof procedure.clip_grad_norm === "number" ? { clip: procedure.clip_grad_norm } : {}),
    ...(denoiser.takesGuess ? { selfCondition: 0 } : {}),
    seed: 0,
    until: steps * batches.batch,
    logEvery: batches.batch,
  };
  const start = initialState(options);
  tf.dispose([{ ...start.params }, { ...start.ema }]);
  const params = await weightsOf(unet);
  const ema = averaged.ema
    ? Object.fromEntries(Object.entries(params).map(([name, value]) => [name, value.clone()]))
    : undefined;
  const { events, state } = await trained({
    ...options,
    state: { ...start, params, ...(ema ? { ema } : {}) },
  });
  const checks = [...eventChecks(unet, procedure, events), ...(await weightChecks(unet, state))];
  disposeState(state);
  return checks;
}

const known = [
  "steps",
  "T",
  "torch",
  "betas",
  "x_t",
  "loss",
  "optimizer",
  "optimizer_options",
  "clip_grad_norm",
  "order",
  "ema_pytorch_options",
  "lr_of_step",
  "note",
];

const ORDER = ["zero_grad", "backward", "clip_grad_norm", "optimizer step", "EMA update"];

/** What a procedure says in words must be what {@link trainingLoop} does. */
function checkTexts({ x_t: noising, order }: Declared): void {
  const form = "sqrt(abar_t)*x0 + sqrt(1-abar_t)*noise";
  if (noising !== undefined && !String(noising).replaceAll(" ", "").startsWith(form.replaceAll(" ", "")))
    unsupported(`the noising ${String(noising)} has no counterpart`);
  if (order === undefined) return;
  const places = String(order)
    .split(",")
    .map((part) => ORDER.indexOf(part.trim()));
  if (places.some((place, i) => place < 0 || (i > 0 && place <= places[i - 1]!)))
    unsupported(`the order ${String(order)} has no counterpart`);
}

/** Element losses by the words that name them, the first that fits. */
const elementLosses: readonly (readonly [
  words: RegExp,
  name: string,
  option?: readonly [ours: string, theirs: RegExp],
])[] = [
  [/smooth[_ -]l1/, "smooth-l1", ["beta", /beta\s*=?\s*([\d.e-]+)/]],
  [/huber/, "huber", ["delta", /delta\s*=?\s*([\d.e-]+)/]],
  [/mean squared error|mse/, "l2"],
  [/mean absolute error|\bl1(_loss)?\b/, "l1"],
];

/** The loss and what the network predicts, from a text such as `mean squared error between prediction and noise`. */
function objectiveOf(text: string): {
  readonly loss: ElementLoss;
  readonly parameterization: Parameterization;
} {
  const [, name, option] =
    elementLosses.find(([words]) => words.test(text)) ?? unsupported(`the loss ${text} has no counterpart`);
  if (/\b(sum|weight\w*|snr)\b/i.test(text)) unsupported(`the loss ${text} has no counterpart`);
  const value = option?.[1].exec(text)?.[1];
  const loss = losses.create({
    name,
    ...(option ? { [option[0]]: value === undefined ? 1 : Number(value) } : {}),
  });
  const target = /between prediction and (\w+)/.exec(text)?.[1] ?? "noise";
  const meanings: Readonly<Record<string, Parameterization>> = {
    noise: eps(),
    x0: x0(),
    v: v(),
    velocity: v(),
  };
  const parameterization = Object.hasOwn(meanings, target) ? meanings[target]! : undefined;
  return {
    loss,
    parameterization: parameterization ?? unsupported(`the target ${target} has no counterpart`),
  };
}

/** The schedule of betas in words: `linspace(a, b, T)`, or of their roots, squared. */
function scheduleOf(text: string, steps: number): NoiseSchedule {
  const number = "([\\d.e-]+)";
  const [, betaStart, betaEnd] = new RegExp(`^linspace\\(${number}, *${number}, *T\\)$`).exec(text) ?? [];
  if (betaEnd)
    return schedules.create({
      name: "linear",
      steps,
      betaStart: Number(betaStart),
      betaEnd: Number(betaEnd),
    });
  const roots = new RegExp(`^linspace\\(sqrt\\(${number}\\), *sqrt\\(${number}\\), *T\\)\\^2$`).exec(text);
  if (!roots) return unsupported(`the betas ${text} have no counterpart`);
  return schedules.create({
    name: "scaled-linear",
    steps,
    betaStart: Number(roots[1]),
    betaEnd: Number(roots[2]),
  });
}

/** The rate of each update: one number each, or the optimiser's. */
function ratesOf(listed: unknown, rate: number): TrainingLoopOptions["learningRate"]["at"] {
  if (listed === null || listed === undefined) return () => rate;
  if (!Array.isArray(listed)) return unsupported(`lr_of_step is ${JSON.stringify(listed)}`);
  return ({ update }) =>
    (listed as number[])[update - 1] ?? unsupported(`no rate is listed for update ${update}`);
}

interface Batches {
  readonly batch: number;
  readonly images: ImageStream;
  readonly times: TimeSampler;
  /** Runs a step with the recorded noise in place of its own. */
  readonly compile: CompileStep;
}

/** Recorded images, times, labels and noise, batch by batch. */
function batchesOf(tensors: Readonly<Record<string, SafeTensor>>, steps: number, T: number): Batches {
  const stored = (name: string): SafeTensor =>
    tensors[`golden.train.${name}`] ?? unsupported(`the file stores no golden.train.${name}`);
  const [count, batch, ...image] = stored("x0").shape as [number, number, number, number, number];
  if (count !== steps) throw new Error(`${steps} steps, and golden.train.x0 has ${count} batches`);
  const [channels, height, width] = image;
  const slice = (name: string, step: number): Float32Array => {
    const whole = float32(stored(name));
    const size = whole.length / steps;
    return whole.slice(step * size, (step + 1) * size);
  };
  const shape = [batch, channels, height, width] as const;
  const labels = "golden.train.y" in tensors;
  const images: ImageStream = {
    shape: [height, width, channels],
    length: steps * batch,
    fingerprint: "recorded",
    read: async (first): Promise<Images> => ({
      data: channelsLast(slice("x0", first / batch), shape),
      shape: [batch, height, width, channels],
      ...(labels ? { labels: Int32Array.from(slice("y", first / batch)) } : {}),
    }),
  };
  const steps_ = Float64Array.from(float32(stored("t")));
  const times: TimeSampler = {
    name: "recorded",
    draw: ({ first, count }) => steps_.slice(first, first + count).map((t) => (t + 1) / T),
  };
  const compile: CompileStep = (step) => {
    let update = 0;
    const run = interpret(step);
    return (inputs) => {
      const recorded = channelsLast(slice("noise", update++), shape);
      const noise = tf.tensor4d(recorded, [batch, height, width, channels]);
      const outputs = run(mapTree(inputs, (tensor, path) => (path === "part/eps" ? noise : tensor)));
      noise.dispose();
      return outputs;
    };
  };
  return { batch, images, times, compile };
}

async function trained(
  options: TrainingLoopOptions,
): Promise<{ readonly events: readonly StepEvent[]; readonly state: TrainState }> {
  const events: StepEvent[] = [];
  for await (const event of trainingLoop(options)) {
    if (event.type === "step") events.push(event);
    if (event.type === "done") return { events, state: event.state };
  }
  throw new Error("a training ends with a done event");
}

/** Losses, norms and decays of every update, against the float32 and the float64 run of the reference. */
function eventChecks(
  { file }: UnetCase,
  { ema_pytorch_options: ema }: Declared,
  events: readonly StepEvent[],
): Check[] {
  const double = file.float64 ?? {};
  const decay = isRecord(ema) ? emaPytorch({ ...ema, update_every: 1 }) : undefined;
  const decays = events.map(
    ({ step }) => decay?.at({ update: step, images: 0, batch: 1, until: 1, epoch: 1 }) ?? 0,
  );
  const lists = [
    ["loss", events.map(({ loss }) => loss), file.loss_per_step],
    ["loss in float64", events.map(({ loss }) => loss), double.loss_per_step],
    ["norm", events.map(({ gradientNorm }) => gradientNorm), file.grad_norm_before_clipping_per_step],
    ["norm in float64", events.map(({ gradientNorm }) => gradientNorm), double.grad_norm_per_step],
    ...(decay ? ([["decay", decays, file.ema_decay_per_step]] as const) : []),
  ] as const;
  return lists.flatMap(([id, ours, golden]) => {
    if (golden === undefined) return [];
    if (golden.length !== ours.length)
      throw new Error(`${golden.length} numbers of ${id}, ${ours.length} updates`);
    return golden.map((wanted, i) => near(`${id} ${i}`, ours[i]!, wanted));
  });
}

/** Final weights, running statistics and averages. */
async function weightChecks(
  { denoiser, file, tensors, translated }: UnetCase,
  state: TrainState,
): Promise<Check[]> {
  const checks: Check[] = [];
  const compared = new Set<string>();
  for (const [part, params] of [["final", state.params] as const, ["ema", state.ema] as const]) {
    for (const spec of denoiser.specs) {
      const { name, layout } = translated.names(spec);
      const wanted = tensors[`golden.${part}.${name}`];
      if (!wanted || !params) continue;
      compared.add(`golden.${part}.${name}`);
      const data = await params[spec.name]!.data<"float32">();
      const ours = layout.toTorch({ shape: spec.shape, data }).data;
      const dev = Math.max(file.max_abs_dev_float64_final?.[name] ?? 0, 5e-6);
      checks.push(difference(`${part} ${name}`, float32(wanted), ours, dev));
    }
  }
  const left = Object.keys(tensors).filter(
    (name) => name.startsWith("golden.") && !name.startsWith("golden.train.") && !compared.has(name),
  );
  if (compared.size === 0) throw new Error("the file stores no weights after the training");
  if (left.length > 0)
    checks.push({ id: `nothing compares ${left.join(", ")}`, error: left.length, allowed: 0 });
  return checks;
}

function near(id: string, ours: number, golden: number): Check {
  return { id, error: Math.abs(ours - golden), allowed: 1e-5 * Math.max(1, Math.abs(golden)) };
}

import { basename } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { conditionOf } from "../../packages/core/src/authoring.ts";
import {
  type Denoise,
  type DenoiseWrapper,
  disposeParams,
  INFERENCE,
  isDdpmError,
  type Moment,
  momentAt,
  type NoiseSchedule,
  type Parameterization,
  type Params,
  type Sampler,
} from "../../packages/core/src/index.ts";
import {
  batchLoss,
  type LossInputs,
  lossColumns,
  networkOutput,
  objectiveTarget,
  perSample,
  tensorColumns,
} from "../../packages/diffusion/src/authoring.ts";
import {
  clip,
  ddim,
  ddpm,
  denoiseWith,
  eps,
  l2,
  snrWeight,
  v,
  x0,
} from "../../packages/diffusion/src/index.ts";
import { schedules } from "../../packages/schedules/src/index.ts";
import { float32, type SafeTensor } from "../../packages/weights/src/index.ts";
import { type Case, type GoldenResult, membersBut, summarise, thrownCase, unsupported } from "./result.ts";
import { openUnet, type UnetCase, type UnetFile, weightsOf } from "./unet-case.ts";
import { channelsFirst, samplesOf } from "./unet-inputs.ts";
import { type Check, difference } from "./unets.ts";

/** Options of GaussianDiffusion1D that a run declares. */
interface RunOptions {
  readonly timesteps?: number;
  readonly sampling_timesteps?: number | null;
  readonly objective?: string;
  readonly beta_schedule?: string;
  readonly ddim_sampling_eta?: number;
  readonly auto_normalize?: boolean;
}

/** One run: a loss with gradients, and a sampling run. */
interface Run {
  readonly run: number;
  readonly options: RunOptions;
  readonly t: readonly number[];
  readonly loss_per_item: readonly number[];
  readonly loss: number;
  readonly loss_weight_at_t: readonly number[];
  readonly max_abs_dev_float64: Readonly<Record<string, number>>;
}

type RunsFile = UnetFile & { readonly runs: readonly Run[] };

const knownInFile = [
  ...["name", "reference", "source", "class", "constructor", "parameter_count", "state_dict", "weights"],
  ...["shape", "reading", "runs", "note"],
];
const knownInRun = [
  ...["run", "options", "t", "loss_per_item", "loss", "loss_weight_at_t", "noise_draws", "network_calls"],
  ...["max_abs_dev_float64", "max_abs", "note"],
];
const knownOptions = [
  ...["timesteps", "sampling_timesteps", "objective", "beta_schedule"],
  ...["ddim_sampling_eta", "auto_normalize", "seq_length"],
];

/** Runs of lucidrains' GaussianDiffusion1D: losses, their weights and gradients, and sampling runs state by state. */
export async function runFile(path: string): Promise<GoldenResult> {
  const cases: Case[] = [];
  try {
    const unet = openUnet(path);
    const file = unet.file as RunsFile;
    const params = await weightsOf(unet);
    for (const run of file.runs) {
      const id = `run ${run.run}`;
      try {
        const checks = await checksOf(unet, params, run);
        cases.push(
          ...checks.map((check) => caseOf(`${id} ${check.id}`, check)),
          ...left(id, run, knownInRun),
        );
      } catch (error) {
        cases.push(thrownCase(id, error));
      }
    }
    disposeParams(params);
    cases.push(...left(basename(path), file, knownInFile));
  } catch (error) {
    cases.push(thrownCase(basename(path), error));
  }
  return summarise(cases);
}

function caseOf(id: string, { error, allowed }: Check): Case {
  return {
    id,
    error: error === 0 ? 0 : error / allowed,
    ...(error <= allowed ? {} : { reason: `off by ${error}, allowed ${allowed}` }),
  };
}

function left(id: string, golden: object, known: readonly string[]): Case[] {
  const uncompared = membersBut(golden, known);
  if (uncompared.length === 0) return [];
  return [{ id, reason: `nothing compares ${uncompared.join(", ")}`, uncompared }];
}

/** A run in our terms. */
interface Plan {
  readonly schedule: NoiseSchedule;
  readonly parameterization: Parameterization;
  readonly sampler: Sampler;
  readonly wrap: DenoiseWrapper;
  readonly path: readonly Moment[];
  /** Samples are in [0, 1], and the network sees [−1, 1]. */
  readonly normalized: boolean;
}

const meanings: Readonly<Record<string, Parameterization>> = {
  pred_noise: eps(),
  pred_x0: x0(),
  pred_v: v(),
};

function planOf({ options }: Run): Plan {
  const strange = membersBut(options, knownOptions);
  if (strange.length > 0) unsupported(`nothing takes the options ${strange.join(", ")}`);
  const { timesteps = 1000, objective = "pred_noise", ddim_sampling_eta: eta = 0 } = options;
  const calls = options.sampling_timesteps ?? timesteps;
  const schedule = scheduleOf(options.beta_schedule ?? "cosine", timesteps);
  const short = calls < timesteps;
  const last = timesteps - 1;
  // The reference cuts its times, evenly spaced from the last step to −1, to whole steps.
  const steps = Array.from({ length: calls + 1 }, (_, i) => Math.trunc(last - (i * timesteps) / calls));
  return {
    schedule,
    parameterization: meanings[objective] ?? unsupported(`the objective ${objective} has no counterpart`),
    sampler: short ? ddim({ eta }) : ddpm(),
    // Clipping leaves a predicted noise as it is.
    wrap: clip({ keepEps: short && objective === "pred_noise" }),
    path: steps.map((step) => momentAt(schedule, (step + 1) / timesteps)),
    normalized: options.auto_normalize ?? true,
  };
}

function scheduleOf(name: string, steps: number): NoiseSchedule {
  try {
    if (name === "cosine") return schedules.create({ name, steps });
    if (name !== "linear") return unsupported(`the schedule ${name} has no counterpart`);
    return schedules.create({ name, steps, betaStart: 0.1 / steps, betaEnd: 20 / steps });
  } catch (error) {
    if (isDdpmError(error)) return unsupported(error.message);
    throw error;
  }
}

async function checksOf(unet: UnetCase, params: Params, run: Run): Promise<Check[]> {
  const plan = planOf(run);
  const stored = (name: string): SafeTensor =>
    unet.tensors[name] ?? unsupported(`the file stores no ${name}`);
  const given = samplesOf(stored("golden.input.x0"));
  const all = stored("golden.input.noises");
  const noises = tf.tidy(() => tf.unstack(tf.tensor(float32(all), [...all.shape])));
  const noise = (index: number): tf.Tensor => {
    const one = noises[index] ?? unsupported(`the file stores ${noises.length} noises`);
    const axes = Array.from({ length: one.rank - 2 }, (_, axis) => axis + 2);
    return tf.transpose(one, [0, ...axes, 1]);
  };
  const clean = tf.tidy(() => (plan.normalized ? tf.sub(tf.mul(given, 2), 1) : given.clone()));
  const checks = [
    ...(await lossChecks(unet, params, run, plan, clean, noise(0))),
    ...(await samplingChecks(unet, params, run, plan, noise)),
  ];
  tf.dispose([given, clean, noises]);
  return checks;
}

async function lossChecks(
  { denoiser, tensors, translated }: UnetCase,
  params: Params,
  { run, t, loss_per_item, loss, loss_weight_at_t, max_abs_dev_float64: dev }: Run,
  { schedule, parameterization }: Plan,
  clean: tf.Tensor,
  noise: tf.Tensor,
): Promise<Check[]> {
  const times = t.map((step) => (step + 1) / schedule.steps!);
  const columns = lossColumns(times, { schedule, parameterization, weight: snrWeight() });
  const batch: LossInputs = { x0: clean, eps: noise, ...tensorColumns(columns) };
  const found = tf.tidy(() => {
    const { perSample: losses } = batchLoss({ denoiser, loss: l2() }, params, batch, INFERENCE);
    const x = tf.add(
      tf.mul(perSample(batch.alpha, clean), clean),
      tf.mul(perSample(batch.sigma, clean), noise),
    );
    const { f } = networkOutput(denoiser, params, x, batch, conditionOf(batch), INFERENCE);
    const squares = tf.square(tf.sub(objectiveTarget(batch), f));
    return { losses, elements: channelsFirst(tf.mul(squares, perSample(batch.weight, clean))) };
  });
  const ours = async (tensor: tf.Tensor): Promise<Float32Array> => tensor.data<"float32">();
  const losses = await ours(found.losses);
  const mean = losses.reduce((sum, value) => sum + value, 0) / losses.length;
  const checks = [
    difference("losses", Float32Array.from(loss_per_item), losses, dev.losses),
    difference("loss", Float32Array.of(loss), Float32Array.of(mean), dev.losses),
    difference("weights", Float32Array.from(loss_weight_at_t), columns.weight, dev.loss_weight),
    compared(
      "loss_elements",
      tensors[`golden.run${run}.loss_elements`],
      await ours(found.elements),
      dev.loss_elements,
    ),
  ];
  const prefix = `golden.run${run}.grad.`;
  const wanted = denoiser.specs.filter((spec) => `${prefix}${translated.names(spec).name}` in tensors);
  const grads = tf.grads((...inputs: tf.Tensor[]) => {
    const now = { ...params, ...Object.fromEntries(wanted.map(({ name }, i) => [name, inputs[i]!])) };
    return batchLoss({ denoiser, loss: l2() }, now, batch, INFERENCE).loss;
  })(wanted.map(({ name }) => params[name]!));
  for (const [i, spec] of wanted.entries()) {
    const { name, layout } = translated.names(spec);
    const { data } = layout.toTorch({ shape: spec.shape, data: await ours(grads[i]!) });
    checks.push(compared(`grad ${name}`, tensors[`${prefix}${name}`], data, dev[`grad ${name}`]));
  }
  const { x0: _, ...own } = batch;
  tf.dispose([found, grads, { ...own }]);
  return checks;
}

async function samplingChecks(
  { denoiser, tensors }: UnetCase,
  params: Params,
  { run, max_abs_dev_float64: dev }: Run,
  { schedule, parameterization, sampler, wrap, path, normalized }: Plan,
  noise: (index: number) => tf.Tensor,
): Promise<Check[]> {
  const denoise = denoiseWith({ denoiser, params, parameterization, schedule });
  const { states, sample } = tf.tidy(() => {
    const states: tf.Tensor[] = [];
    const recorded: Denoise = (x, ...more) => {
      states.push(channelsFirst(x));
      return denoise(x, ...more);
    };
    let x = noise(1);
    let memo: unknown;
    for (const [index, from] of path.slice(0, -1).entries()) {
      const count = path.length - 1;
      const to = path[index + 1]!;
      const input = { x, from, to, denoise: wrap(recorded), schedule, noise: () => noise(2 + index) };
      const output = sampler.step({ ...input, history: [], index, count, memo });
      x = output.x;
      memo = output.memo;
    }
    const sample = channelsFirst(normalized ? tf.div(tf.add(x, 1), 2) : x);
    return { states: tf.stack(states), sample };
  });
  const [all, end] = [await states.data<"float32">(), await sample.data<"float32">()];
  tf.dispose([states, sample]);
  return [
    compared("states", tensors[`golden.run${run}.states`], all, dev.states),
    compared("sample", tensors[`golden.run${run}.sample`], end, dev.sample),
  ];
}

function compared(id: string, golden: SafeTensor | undefined, ours: Float32Array, dev?: number): Check {
  return difference(id, float32(golden ?? unsupported(`the file stores no ${id}`)), ours, dev);
}

import {
  type Denoiser,
  INFERENCE,
  type Moment,
  momentAt,
  type NoiseSchedule,
  type Parameterization,
  type Params,
  timeOfStep,
} from "@ddpm/core";
import { conditionFields, conditionOf } from "@ddpm/core/authoring";
import { denoiseColumns, denoiseStep } from "@ddpm/diffusion/authoring";
import type { GraphFunction } from "@ddpm/tfjs-backend-onnx/authoring";
import * as tf from "@tensorflow/tfjs-core";
import { exportOnnx, type InputSpec } from "./export-onnx.ts";

/**
 * Which function becomes a model:
 *
 * - `network`: x already scaled by `in`, the noise level as the network receives it → raw output F
 * - `denoiser`: x and the step of the training chain → the guesses x0 and eps, and the raw variance where it is learned
 */
export const EXPORTED = ["network", "denoiser"] as const;

/** What {@link onnxModel} writes. */
export interface OnnxModelOptions {
  readonly denoiser: Denoiser;
  readonly params: Params;
  readonly parameterization: Parameterization;
  readonly schedule: NoiseSchedule;
  /** […, C] of a sample: [H, W, C] of an image. */
  readonly shape: readonly number[];
  readonly what: (typeof EXPORTED)[number];
  /** Steps of a schedule without a chain of its own. */
  readonly steps: number;
  /** Tokens of `context`; 77, those of CLIP, when left out. */
  readonly tokens?: number;
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * A denoiser as an ONNX model with a free batch.
 *
 * Inputs `x` [batch, …, C] and `noise` [batch], or `step` [batch] int32, and conditions: `labels` [batch]
 * int32, `image`, `guess`, `vector`, `context` and `contextMask`. The metadata hold alpha, sigma, and the noise level that the network receives, per step.
 *
 * @throws DdpmError naming the kernel that has no form in ONNX
 */
export function onnxModel(options: OnnxModelOptions): Promise<Uint8Array> {
  const { denoiser, params, what, shape, schedule, tokens = 77 } = options;
  const sample = [...shape.slice(0, -1), denoiser.channels];
  const moments = momentsOf(schedule, options.steps);
  const perSample: InputSpec = { shape: ["batch"] };
  const inputs: Record<string, InputSpec> = {
    x: { shape: ["batch", ...sample] },
    ...(what === "network" ? { noise: perSample } : { step: { ...perSample, dtype: "int32" } }),
    ...Object.fromEntries(
      conditionFields(denoiser, sample).map(({ name, shape, dtype }): [string, InputSpec] => [
        name,
        { shape: ["batch", ...shape.map((size) => (size === -1 ? tokens : size))], dtype },
      ]),
    ),
  };
  const f = what === "network" ? network(denoiser) : denoise(options, moments);
  const received = moments.map((moment) => options.parameterization.at(moment, schedule).noise);
  return exportOnnx(f, {
    inputs,
    constants: params,
    name: denoiser.name,
    about: ABOUT[what],
    metadata: {
      ...options.metadata,
      model: denoiser.name,
      what,
      layout: LAYOUTS[denoiser.axes] ?? "channels last",
      alpha: JSON.stringify(moments.map(({ alpha }) => alpha)),
      sigma: JSON.stringify(moments.map(({ sigma }) => sigma)),
      noise: JSON.stringify(received),
    },
  });
}

/** Order of the axes, by how many there are between batch and channels. */
const LAYOUTS: Readonly<Record<number, string>> = { 1: "NLC", 2: "NHWC" };

const ABOUT: Readonly<Record<OnnxModelOptions["what"], string>> = {
  network:
    "x (scaled as the preconditioning says) and noise (as the network receives it) to the network's raw output.",
  denoiser:
    "x = alpha x0 + sigma eps at a step of the chain to the guesses of x0 and eps; alpha and sigma are in the metadata.",
};

/** The moments of a chain's steps; for continuous schedules of so many equal steps. */
function momentsOf(schedule: NoiseSchedule, steps: number): Moment[] {
  const count = schedule.steps ?? steps;
  return Array.from({ length: count }, (_, i) => momentAt(schedule, timeOfStep(i, count)));
}

function network(denoiser: Denoiser): GraphFunction {
  return (inputs, params) => {
    const { x, noise } = inputs as { x: tf.Tensor; noise: tf.Tensor1D };
    return { output: denoiser.apply(params, x, noise, conditionOf(inputs), INFERENCE) };
  };
}

/** The function that sampling runs, its columns looked up in tables of the chain. */
function denoise(
  { denoiser, parameterization, schedule }: OnnxModelOptions,
  moments: readonly Moment[],
): GraphFunction {
  const rows = moments.map((moment) => denoiseColumns(parameterization.at(moment, schedule), moment));
  return (inputs, params) => {
    const { guess, ...condition } = conditionOf(inputs);
    const column = (name: keyof (typeof rows)[number]): tf.Tensor1D =>
      tf.gather(tf.tensor1d(rows.map((row) => row[name])), inputs.step as tf.Tensor1D);
    const found = denoiseStep({ denoiser, params, condition })({
      x: inputs.x!,
      skip: column("skip"),
      out: column("out"),
      in: column("in"),
      noise: column("noise"),
      epsSkip: column("epsSkip"),
      epsOut: column("epsOut"),
      ...(guess ? { guess } : {}),
    });
    return { ...found };
  };
}

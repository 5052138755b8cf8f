import type { Tensor } from "@tensorflow/tfjs-core";
import type { Declared } from "../declared.ts";

/** A tensor as golden files store it. */
export interface Stored {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

/** What every sampling case declares; further members depend on its reference. */
export interface SamplingCase {
  readonly id: string;
  readonly reference: string;
  readonly scheduler?: string;
  readonly sampler?: string;
  readonly model: string;
  readonly prediction?: string;
  readonly num_inference_steps?: number;
  readonly config?: Declared;
  readonly options?: Declared;
  readonly step_arguments?: Declared;
  readonly set_timesteps?: Declared;
  readonly timesteps?: readonly number[];
  readonly sigmas?: readonly number[];
  readonly sigma_of_each_network_call?: readonly number[];
  readonly sigma_schedule?: {
    readonly name: string;
    readonly n: number;
    readonly sigma_min: number;
    readonly sigma_max: number;
  };
  readonly operations?: readonly (readonly [string, number])[];
  readonly timestep_map?: readonly number[];
  readonly model_t?: readonly number[];
  readonly times?: readonly number[];
  readonly model_addition?: string;
  readonly note?: string;
  readonly cond_fn?: unknown;
  readonly model_mapping?: string;
  readonly init_noise_sigma?: number;
  readonly noise_draws_per_step?: readonly number[];
  readonly noise_draws_total?: number;
  readonly alphas_cumprod?: string;
  readonly variance_head?: string;
  readonly shape: readonly [number, number, number, number];
  readonly max_abs_dev_float64?: number;
  readonly max_rel_dev_float64?: number;
  readonly trajectory: readonly (readonly number[])[];
  readonly final_float64?: readonly number[];
  readonly trajectory_dtype?: string;
  readonly trajectory_is?: string;
  readonly info?: Declared;
  /** Names of tensors of the file (`x_T_4x4`), and what later formats add. */
  readonly [member: string]: unknown;
}

/** A closed-form network: what its members mean follows from its kind. */
export interface Model {
  readonly kind?: string;
  readonly mu?: readonly number[];
  readonly m?: number;
  readonly s: number;
}

/** A network by what it returns at x, ᾱ of its time. */
export type Network = (x: Tensor, abar: number) => Tensor;

/** samplers.json, and others of its format: tensors by name next to models, tables and cases. */
export interface SamplingFile {
  readonly models: Readonly<Record<string, Model>>;
  readonly alphas_cumprod_tables: Readonly<Record<string, { readonly data: readonly number[] }>>;
  readonly cases: readonly SamplingCase[];
  /** In place of the models, for all cases. */
  readonly network?: Network;
  readonly [member: string]: unknown;
}

/** [B, C, H, W] flat to [B, H, W, C] flat. */
export function channelsLast(values: ArrayLike<number>, shape: readonly number[]): Float32Array {
  return moved(values, shape, (b, c, p, channels, area) => [
    (b * channels + c) * area + p,
    (b * area + p) * channels + c,
  ]);
}

/** [B, H, W, C] flat to [B, C, H, W] flat; `shape` is the latter. */
export function channelsFirst(values: ArrayLike<number>, shape: readonly number[]): Float32Array {
  return moved(values, shape, (b, c, p, channels, area) => [
    (b * area + p) * channels + c,
    (b * channels + c) * area + p,
  ]);
}

type Places = (b: number, c: number, p: number, channels: number, area: number) => readonly [number, number];

function moved(
  values: ArrayLike<number>,
  [batch, channels, height, width]: readonly number[],
  places: Places,
) {
  const out = new Float32Array(values.length);
  const area = height! * width!;
  if (values.length !== batch! * channels! * area)
    throw new Error(`${values.length} numbers for the shape [${batch}, ${channels}, ${height}, ${width}]`);
  for (let b = 0; b < batch!; b++) {
    for (let c = 0; c < channels!; c++) {
      for (let p = 0; p < area; p++) {
        const [from, to] = places(b, c, p, channels!, area);
        out[to] = values[from]!;
      }
    }
  }
  return out;
}

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
  readonly model: "gauss" | "mix";
  readonly prediction?: "epsilon" | "sample" | "v_prediction";
  readonly num_inference_steps?: number;
  readonly config?: Readonly<Record<string, unknown>>;
  readonly options?: Readonly<Record<string, unknown>>;
  readonly step_arguments?: Readonly<Record<string, unknown>>;
  readonly set_timesteps?: Readonly<Record<string, number>>;
  readonly timesteps?: readonly number[];
  readonly sigmas?: readonly number[];
  readonly sigma_of_each_network_call?: readonly number[];
  readonly sigma_schedule?: { readonly n: number; readonly sigma_min: number; readonly sigma_max: number };
  readonly operations?: readonly (readonly [string, number])[];
  readonly timestep_map?: readonly number[];
  readonly model_t?: readonly number[];
  readonly times?: readonly (readonly [number, number])[];
  readonly model_addition?: string;
  readonly note?: string;
  readonly cond_fn?: unknown;
  readonly model_mapping?: string;
  readonly init_noise_sigma?: number;
  readonly noise_draws_per_step?: readonly number[];
  readonly alphas_cumprod?: string;
  readonly variance_head?: string;
  readonly shape: readonly [number, number, number, number];
  readonly max_abs_dev_float64: number;
  readonly max_rel_dev_float64: number;
  readonly trajectory: readonly (readonly number[])[];
  readonly trajectory_dtype?: string;
  readonly trajectory_is?: string;
}

/** samplers.json, and others of its format. */
export interface SamplingFile {
  readonly models: {
    readonly gauss: { readonly mu: readonly number[]; readonly s: number };
    readonly mix: { readonly m: number; readonly s: number };
  };
  readonly x_T: Stored;
  readonly noises: Stored;
  readonly original_image: Stored;
  readonly mask: Stored;
  readonly alphas_cumprod_tables: Readonly<Record<string, { readonly data: readonly number[] }>>;
  readonly cases: readonly SamplingCase[];
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

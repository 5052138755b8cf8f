import { type Autoencoder, autoencoders } from "../../packages/autoencoder/src/index.ts";
import { isDdpmError, type Params } from "../../packages/core/src/index.ts";
import type { ReferenceAutoencoder } from "../../packages/exchange/src/authoring.ts";
import { autoencoderFamilies, importWeights } from "../../packages/exchange/src/index.ts";
import { readSafetensors, type SafeTensor } from "../../packages/weights/src/index.ts";
import { formulaWeights } from "./formula-weights.ts";
import { readGolden } from "./read-golden.ts";
import { unsupported } from "./result.ts";

type Deviations = Readonly<Record<string, number>>;

/** What an autoencoder's JSON says of it, as far as it is used here. */
export interface AutoencoderFile {
  readonly class: string;
  readonly constructor: Readonly<Record<string, unknown>>;
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
  readonly kl_weight?: number;
  readonly beta?: number;
  readonly tiling?: {
    readonly tile_sample_min_size: number;
    readonly tile_latent_min_size: number;
    readonly tile_overlap_factor: number;
  };
  readonly codes_used?: number;
  readonly smallest_index_margin?: number;
  readonly loss: string;
  readonly loss_value?: number;
  readonly max_abs_dev_float64: { readonly outputs: Deviations; readonly grads: Deviations };
}

/** A golden autoencoder built in our terms. */
export interface AutoencoderCase {
  readonly file: AutoencoderFile;
  readonly tensors: Readonly<Record<string, SafeTensor>>;
  readonly translated: ReferenceAutoencoder;
  readonly autoencoder: Autoencoder;
}

/** Which family of ours reads a class of the references. */
const readers: Readonly<Record<string, string>> = {
  AutoencoderKL: "kl",
  VQModel: "vq",
  AutoencoderTiny: "tiny",
  TAESD: "taesd",
};

/** A case; a class or an option that no family reads makes it unsupported. */
export function openAutoencoder(path: string): AutoencoderCase {
  const file = JSON.parse(new TextDecoder().decode(readGolden(path))) as AutoencoderFile;
  const family = readers[file.class] ?? unsupported(`no family reads ${file.class}`);
  const { tensors } = readSafetensors(readGolden(path.replace(/\.json$/, ".safetensors")));
  try {
    const translated = autoencoderFamilies.create({ name: family, ...file.constructor });
    return { file, tensors, translated, autoencoder: autoencoders.create(translated.spec) };
  } catch (error) {
    if (isDdpmError(error)) return unsupported(error.message);
    throw error;
  }
}

/** Our parameters with the reference's weights: stored in the file, or made by the formula. */
export function weightsOf({ file, tensors, autoencoder, translated }: AutoencoderCase): Params {
  const state: Record<string, SafeTensor> = {};
  if (file.weights.startsWith("formula")) {
    const parameters = file.state_dict.filter(({ kind = "parameter" }) => kind === "parameter");
    for (const [p, { name, shape }] of parameters.entries())
      state[name] = { dtype: "F32", shape, data: formulaWeights(p, name, shape) };
  } else if (!file.weights.startsWith("stored")) {
    unsupported(`the weights ${file.weights} have no counterpart`);
  }
  for (const [name, tensor] of Object.entries(tensors)) if (!name.startsWith("golden.")) state[name] = tensor;
  return importWeights(autoencoder, translated.names, state);
}

import {
  type Denoiser,
  disposeParams,
  isDdpmError,
  type Params,
  random,
  type Spec,
} from "../../packages/core/src/index.ts";
import type { ReferenceNetwork } from "../../packages/exchange/src/authoring.ts";
import { exportWeights, families, importWeights } from "../../packages/exchange/src/index.ts";
import { denoisers } from "../../packages/unet/src/index.ts";
import { readSafetensors, type SafeTensor } from "../../packages/weights/src/index.ts";
import type { Declared } from "./declared.ts";
import { formulaWeights } from "./formula-weights.ts";
import { readGolden } from "./read-golden.ts";
import { unsupported } from "./result.ts";

/** What a golden network's JSON says of it, as far as it is used here. */
export interface UnetFile {
  readonly name: string;
  readonly reference: string;
  /** File and class of the reference. */
  readonly source?: string;
  readonly constructor: Readonly<Record<string, unknown>>;
  readonly parameter_count: number;
  /** Where the weights come from; absent: names and shapes only. */
  readonly weights?: string;
  readonly state_dict: readonly {
    readonly name: string;
    readonly shape: readonly number[];
    readonly kind?: string;
  }[];
  readonly weights_check?: {
    readonly first_4_values: Readonly<Record<string, { readonly values: readonly number[] }>>;
  };
  readonly max_abs_dev_float64?: {
    readonly output: number | "NaN";
    readonly grads: Readonly<Record<string, number | "NaN">>;
  };
  readonly mode?: string;
  readonly loss_mean_output_squared?: number;
  readonly output_first_8?: readonly number[];
  readonly output_std?: number;
  readonly output_shape?: readonly number[];
  readonly train_mode?: { readonly loss_mean_output_squared?: number };
  /** A recorded training: what was trained, and with which choices. */
  readonly procedure?: Declared;
  readonly loss_per_step?: readonly number[];
  readonly grad_norm_before_clipping_per_step?: readonly number[];
  readonly ema_decay_per_step?: readonly number[];
  /** The same run in float64. */
  readonly float64?: {
    readonly loss_per_step?: readonly number[];
    readonly grad_norm_per_step?: readonly number[];
  };
  readonly max_abs_dev_float64_final?: Readonly<Record<string, number>>;
}

/** A golden network built in our terms. */
export interface UnetCase {
  readonly file: UnetFile;
  readonly tensors: Readonly<Record<string, SafeTensor>>;
  readonly translated: ReferenceNetwork;
  readonly denoiser: Denoiser;
}

/** Which family of ours reads what the reference declares; the options it adds come from the same line. */
const readers: readonly {
  readonly reference: RegExp;
  /** Of several networks of a reference, the one in this file or of this class. */
  readonly source?: RegExp;
  readonly family: string;
  readonly more?: object;
}[] = [
  { reference: /^huggingface\/notebooks/, family: "annotated" },
  { reference: /^huggingface\/blog \(2022 text\)/, family: "annotated", more: { norm: "layer" } },
  { reference: /^huggingface\/blog \(later text\)/, family: "annotated-later" },
  { reference: /^dataflowr\//, source: /nano|MyTinyUNet/, family: "dataflowr-nano" },
  { reference: /^dataflowr\//, family: "dataflowr" },
  { reference: /^labmlai\//, family: "labml" },
  { reference: /^lucidrains\/denoising-diffusion-pytorch/, source: /_1d\.py/, family: "lucidrains-1d" },
  { reference: /^lucidrains\/denoising-diffusion-pytorch/, family: "lucidrains" },
  { reference: /^openai\//, family: "openai" },
  { reference: /^huggingface\/diffusers/, source: /unet_1d/, family: "diffusers-1d" },
  { reference: /^huggingface\/diffusers/, source: /unet_2d_condition/, family: "diffusers-condition" },
  { reference: /^huggingface\/diffusers/, family: "diffusers" },
  { reference: /^NVlabs\/edm/, source: /Dhariwal/, family: "edm", more: { model_type: "DhariwalUNet" } },
  { reference: /^NVlabs\/edm/, family: "edm" },
  { reference: /^facebookresearch\/DiT/, family: "dit" },
];

/** A case; a reference or an option that no family reads makes it unsupported. */
export function openUnet(path: string): UnetCase {
  const file = JSON.parse(new TextDecoder().decode(readGolden(path))) as UnetFile;
  const reader =
    readers.find(
      ({ reference, source }) =>
        reference.test(file.reference) && (!source || source.test(file.source ?? "")),
    ) ?? unsupported(`no family reads ${file.reference}`);
  const given = { ...file.constructor, ...reader.more };
  const weights = path.replace(/\.json$/, ".safetensors");
  const tensors = file.weights ? readSafetensors(readGolden(weights)).tensors : {};
  const { translated, denoiser } = built({ name: reader.family, ...given }, tensors);
  if (file.weights && !/^(formula|stored|initial)/.test(file.weights))
    unsupported(`the weights ${file.weights} have no counterpart`);
  return { file, tensors, translated, denoiser };
}

/**
 * The reference's state dict: stored in the file, or made by the formula, apart from what is not trained, which
 * the formula leaves as the network starts, or as the file says.
 */
async function stateOf({
  file,
  tensors,
  denoiser,
  translated,
}: UnetCase): Promise<Record<string, SafeTensor>> {
  if (!file.weights?.startsWith("formula")) {
    return Object.fromEntries(Object.entries(tensors).filter(([name]) => !name.startsWith("golden.")));
  }
  const stored = Object.entries(tensors).filter(([name]) => !name.startsWith("golden."));
  const never = denoiser.specs.filter(({ trainable }) => !trainable);
  const first = await startOf(0);
  const varied = never.some((spec) => !isConstant(first[translated.names(spec).name]!));
  const other = varied ? await startOf(1) : first;
  // What is random and never trained has no other source than the formula.
  const fixed = new Set(
    never
      .map((spec) => translated.names(spec).name)
      .filter((name) => String(first[name]!.data) === String(other[name]!.data)),
  );
  const state = first;
  let p = 0;
  for (const { name, shape, kind = "parameter" } of file.state_dict) {
    if (kind !== "parameter") continue;
    const index = p++;
    if (!fixed.has(name)) state[name] = { dtype: "F32", shape, data: formulaWeights(index, name, shape) };
  }
  return { ...state, ...Object.fromEntries(stored) };

  /** What a new network holds besides what is trained. */
  async function startOf(seed: number): Promise<Record<string, SafeTensor>> {
    if (never.length === 0) return { ...translated.names.constants };
    const start = denoiser.init(random(seed));
    const made = await exportWeights({ ...denoiser, specs: never }, translated.names, start);
    disposeParams(start);
    return made;
  }
}

/** The network of a family's arguments; what the product refuses, with its reason, is unsupported. */
function built(
  spec: Spec,
  { "golden.input.added.time_ids": sizes }: Readonly<Record<string, SafeTensor>>,
): Pick<UnetCase, "translated" | "denoiser"> {
  try {
    const translated = families.create(spec);
    // How many numbers the sizes are is no argument of the reference: it takes what comes.
    const more = sizes ? { timeIds: sizes.shape[1]! } : {};
    return { translated, denoiser: denoisers.create({ ...translated.spec, ...more }) };
  } catch (error) {
    if (isDdpmError(error)) return unsupported(error.message);
    throw error;
  }
}

function isConstant({ data }: SafeTensor): boolean {
  return data.every((value: number | bigint) => value === data[0]);
}

/** Our parameters with the reference's weights. */
export async function weightsOf(unet: UnetCase): Promise<Params> {
  return importWeights(unet.denoiser, unet.translated.names, await stateOf(unet));
}

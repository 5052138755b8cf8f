import { type Denoiser, disposeParams, type Params, random } from "../../packages/core/src/index.ts";
import {
  denoisers,
  exportWeights,
  families,
  importWeights,
  type Translated,
} from "../../packages/unet/src/index.ts";
import { readSafetensors, type SafeTensor } from "../../packages/weights/src/index.ts";
import { formulaWeights } from "./formula-weights.ts";
import { readGolden } from "./read-golden.ts";

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
  readonly procedure?: TrainingProcedure;
  readonly loss_per_step?: readonly number[];
  readonly grad_norm_before_clipping_per_step?: readonly number[];
}

export interface TrainingProcedure {
  readonly steps: number;
  readonly T: number;
  readonly loss: string;
  readonly optimizer_options: { readonly lr: number; readonly betas?: readonly [number, number] };
  readonly clip_grad_norm: number;
}

/** A golden network built in our terms. */
export interface UnetCase {
  readonly file: UnetFile;
  readonly tensors: Readonly<Record<string, SafeTensor>>;
  readonly translated: Translated;
  readonly denoiser: Denoiser;
}

/** Which family of ours reads what the reference declares; the options it adds come from the same line. */
const readers: readonly { readonly reference: RegExp; readonly family: string; readonly more?: object }[] = [
  { reference: /^huggingface\/notebooks/, family: "annotated" },
  { reference: /^huggingface\/blog \(2022 text\)/, family: "annotated", more: { norm: "layer" } },
  { reference: /^huggingface\/blog \(later text\)/, family: "annotated-later" },
  { reference: /^dataflowr\//, family: "dataflowr" },
  { reference: /^labmlai\//, family: "labml" },
  { reference: /^lucidrains\/denoising-diffusion-pytorch/, family: "lucidrains" },
  { reference: /^openai\//, family: "openai" },
  { reference: /^huggingface\/diffusers/, family: "diffusers" },
  { reference: /^NVlabs\/edm/, family: "edm" },
  { reference: /^facebookresearch\/DiT/, family: "dit" },
];

/** @returns a case, or the reason why it cannot be built */
export function openUnet(path: string): UnetCase | string {
  const file = JSON.parse(new TextDecoder().decode(readGolden(path))) as UnetFile;
  const reader = readers.find(({ reference }) => reference.test(file.reference));
  if (!reader) return `no family reads ${file.reference}`;
  const more =
    reader.family === "edm" && file.source?.includes("Dhariwal") ? { model_type: "DhariwalUNet" } : {};
  const given = { ...more, ...file.constructor, ...reader.more };
  const translated = families.create({ name: reader.family, ...given });
  const denoiser = denoisers.create(translated.spec);
  const weights = path.replace(/\.json$/, ".safetensors");
  const tensors = file.weights ? readSafetensors(readGolden(weights)).tensors : {};
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

function isConstant({ data }: SafeTensor): boolean {
  return data.every((value: number | bigint) => value === data[0]);
}

/** Our parameters with the reference's weights. */
export async function weightsOf(unet: UnetCase): Promise<Params> {
  return importWeights(unet.denoiser, unet.translated.names, await stateOf(unet));
}

import { dirname, join } from "node:path";
import { type Autoencoder, autoencoders } from "../../../packages/autoencoder/src/index.ts";
import type { TextModel } from "../../../packages/core/src/authoring.ts";
import { countParams, type Denoiser, isDdpmError, type Params } from "../../../packages/core/src/index.ts";
import {
  autoencoderFamilies,
  families,
  importWeights,
  textFamilies,
} from "../../../packages/exchange/src/index.ts";
import { textModels } from "../../../packages/text/src/index.ts";
import { denoisers } from "../../../packages/unet/src/index.ts";
import { readSafetensors, type SafeTensor } from "../../../packages/weights/src/index.ts";
import { readGolden } from "../read-golden.ts";
import { type Case, slowCaseOf, unsupported } from "../result.ts";

/** A part as its file declares it. */
interface PartFile {
  readonly class: string;
  readonly constructor: Readonly<Record<string, unknown>>;
  readonly parameter_count: number;
  readonly state_dict: readonly { readonly name: string; readonly shape: readonly number[] }[];
}

/** A network with its weights, and the names of its tensors in the reference. */
export interface Part<Network> {
  readonly network: Network;
  readonly params: Params;
  /** The name of one of our parameters in the reference's files. */
  nameOf(ours: string): string;
  /** Its shape there. */
  shapeOf(ours: string): readonly number[];
  /** Gradient of one of our parameters in the reference's layout. */
  toTorch(ours: string, data: Float32Array): Float32Array;
}

/** The networks of pipelines, built when they are asked for. */
export interface Parts {
  readonly config: (name: string) => Readonly<Record<string, unknown>>;
  textModel(name: string): Part<TextModel>;
  denoiser(name: string, timeIds?: number): Part<Denoiser>;
  autoencoder(name: string): Part<Autoencoder>;
}

/** The parts in the folder of a file of pipelines. */
export function openParts(path: string): Parts {
  const base = join(dirname(path), "parts");
  const files = JSON.parse(new TextDecoder().decode(readGolden(`${base}.json`))) as Readonly<
    Record<string, PartFile>
  >;
  const { tensors } = readSafetensors(readGolden(`${base}.safetensors`));
  const fileOf = (name: string): PartFile => files[name] ?? unsupported(`no part is called ${name}`);
  const own = (name: string): Record<string, SafeTensor> =>
    Object.fromEntries(
      Object.entries(tensors).flatMap(([key, tensor]) =>
        key.startsWith(`${name}.`) ? [[key.slice(name.length + 1), tensor]] : [],
      ),
    );
  const made = <Network extends { readonly specs: Denoiser["specs"]; readonly name: string }>(
    name: string,
    { spec, names }: { readonly spec: object; readonly names: Parameters<typeof importWeights>[1] },
    create: (spec: never) => Network,
  ): Part<Network> => {
    const network = create(spec as never);
    const params = importWeights(network as never, names, own(name));
    const specOf = (ours: string) => network.specs.find((one) => one.name === ours)!;
    return {
      network,
      params,
      nameOf: (ours) => names(specOf(ours)).name,
      shapeOf: (ours) => {
        const spec = specOf(ours);
        const numbers = { shape: spec.shape, data: new Uint8Array(countParams([spec])) };
        return names(spec).layout.toTorch(numbers).shape;
      },
      toTorch: (ours, data) => {
        const spec = specOf(ours);
        return names(spec).layout.toTorch({ shape: spec.shape, data }).data;
      },
    };
  };
  const known = <Value>(name: string, build: () => Value): Value => {
    try {
      return build();
    } catch (error) {
      if (isDdpmError(error)) return unsupported(`${name}: ${error.message}`);
      throw error;
    }
  };
  return {
    config: (name) => fileOf(name).constructor,
    textModel: (name) =>
      known(name, () => {
        const { constructor: given, class: named } = fileOf(name);
        const family = textFamilies.create({ name: "clip", ...given, architectures: [named] });
        return made(name, family, (spec) => textModels.create(spec));
      }),
    denoiser: (name, timeIds) =>
      known(name, () => {
        const family = families.create({ name: "diffusers-condition", ...fileOf(name).constructor });
        const spec = { ...(family.spec as object), ...(timeIds ? { timeIds } : {}) };
        return made(name, { spec, names: family.names }, (one) => denoisers.create(one));
      }),
    autoencoder: (name) =>
      known(name, () => {
        const family = autoencoderFamilies.create({ name: "kl", ...fileOf(name).constructor });
        return made(name, family, (spec) => autoencoders.create(spec));
      }),
  };
}

/** Every part of a file has the names, shapes and number of parameters of its reference. */
export async function casesOfParts(path: string): Promise<Case[]> {
  const files = JSON.parse(new TextDecoder().decode(readGolden(path))) as Readonly<Record<string, PartFile>>;
  const parts = openParts(path);
  return Promise.all(
    Object.entries(files).map(([name, file]) =>
      slowCaseOf(name, async () => {
        const sizes = file.class === "UNet2DConditionModel" ? timeIdsOf(file) : undefined;
        const part: Part<{ readonly specs: Denoiser["specs"] }> = file.class.startsWith("CLIP")
          ? parts.textModel(name)
          : file.class === "AutoencoderKL"
            ? parts.autoencoder(name)
            : parts.denoiser(name, sizes);
        const { specs } = part.network;
        const listed = new Map(file.state_dict.map((entry) => [entry.name, entry.shape.join()]));
        const strange = specs.filter(
          ({ name }) => listed.get(part.nameOf(name)) !== part.shapeOf(name).join(),
        );
        const same = strange.length === 0 && countParams(specs) === file.parameter_count;
        return same ? 0 : Number.POSITIVE_INFINITY;
      }),
    ),
  );
}

/** Sizes that a network of SDXL's kind receives: six, as its pipeline gives. */
export const SIZES = 6;

function timeIdsOf({ constructor: given }: PartFile): number | undefined {
  return given.addition_embed_type === "text_time" ? SIZES : undefined;
}

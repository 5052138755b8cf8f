import { type Denoiser, fail, type ParamSpec, type Params, type Plugin, type Spec } from "@ddpm/core";
import { conv2d, depthwise, float32, identity, type Layout, linear, type SafeTensor } from "@ddpm/weights";
import * as tf from "@tensorflow/tfjs-core";

/** Where one of our parameters lives in a foreign file. */
export interface Foreign {
  readonly name: string;
  readonly layout: Layout;
}

/** Names and layouts of one family: the same map reads and writes. */
export interface Names {
  (ours: ParamSpec): Foreign;
  /** What their files hold besides parameters, by name: read to see that it is so, and written. */
  readonly constants?: Readonly<Record<string, SafeTensor>>;
  /** Today's name of a tensor that older files call otherwise. */
  readonly today?: (theirs: string) => string;
}

/** A reference implementation's network in our terms. */
export interface Translated {
  /** Builds the same network from our registry. */
  readonly spec: Exclude<Spec, string>;
  readonly names: Names;
}

/** A plugin per family of reference code: its options are the reference's own constructor arguments. */
export type Family = Plugin<never, Translated>;

/** Rules from our paths to theirs, all applied in order. */
export type Rules = readonly (readonly [
  pattern: RegExp,
  replacement: string | ((...groups: string[]) => string),
])[];

/**
 * A map by renaming: our leaves `kernel`, `depthwise`, `scale` become `weight`, `shift` becomes `bias`, and
 * the rest of the path goes through the rules.
 *
 * @param layoutOf layouts other than the usual ones
 */
export function renaming(rules: Rules, layoutOf: (ours: ParamSpec) => Layout = usualLayout): Names {
  const leaves: Rules = [
    [/\.(kernel|depthwise|scale|table)$/, ".weight"],
    [/\.shift$/, ".bias"],
  ];
  return (ours) => {
    let name = ours.name;
    for (const [pattern, replacement] of [...rules, ...leaves]) {
      name =
        typeof replacement === "string"
          ? name.replace(pattern, replacement)
          : name.replace(pattern, (_all, ...groups) => replacement(...(groups as string[])));
    }
    return { name, layout: layoutOf(ours) };
  };
}

/** The layout that a parameter's leaf and rank imply. */
export function usualLayout({ name, shape }: ParamSpec): Layout {
  if (name.endsWith(".depthwise")) return depthwise();
  if (!name.endsWith(".kernel")) return identity;
  return shape.length === 4 ? conv2d : linear;
}

/**
 * Reads a network's weights from a foreign file's tensors. The caller owns the result.
 *
 * @param file tensors by their foreign names, all of them and no others
 * @throws DdpmError naming what is missing, left over, of another shape, or not finite
 */
export function importWeights(
  denoiser: Denoiser,
  names: Names,
  file: Readonly<Record<string, SafeTensor>>,
): Params {
  const where = `unet/${denoiser.name}`;
  const tensors = Object.fromEntries(
    Object.entries(file).map(([name, tensor]) => [names.today?.(name) ?? name, tensor]),
  );
  const left = new Set(Object.keys(tensors));
  const numbers = denoiser.specs.map((spec) => {
    const { name, layout } = names(spec);
    const tensor = tensors[name];
    if (!tensor) {
      fail(where, `the file has no tensor "${name}", expected shape like ours, [${spec.shape.join(", ")}].`);
    }
    left.delete(name);
    const { shape, data } = layout.toTfjs({ shape: tensor.shape, data: float32(tensor, `"${name}"`) });
    if (shape.join() !== spec.shape.join()) {
      fail(
        where,
        `"${name}" has shape [${tensor.shape.join(", ")}], which does not fit ${spec.name}, [${spec.shape.join(", ")}].`,
        "The file belongs to a network built with other options.",
      );
    }
    if (!data.every(Number.isFinite)) fail(where, `"${name}" holds numbers that are not finite.`);
    return { spec, data };
  });
  for (const [name, expected] of Object.entries(names.constants ?? {})) {
    left.delete(name);
    checkConstant(where, name, expected, tensors[name]);
  }
  if (left.size > 0) {
    const some = [...left].slice(0, 3).join('", "');
    fail(
      where,
      `the file has ${left.size} tensors that the network lacks: "${some}"${left.size > 3 ? " …" : ""}.`,
    );
  }
  return Object.fromEntries(
    numbers.map(({ spec, data }) => [spec.name, tf.tensor(data, [...spec.shape], "float32")]),
  );
}

/**
 * Writes a network's weights under foreign names and layouts, ready for `writeSafetensors`: the inverse of
 * {@link importWeights}.
 */
export async function exportWeights(
  denoiser: Denoiser,
  names: Names,
  params: Params,
): Promise<Record<string, SafeTensor>> {
  const written: Record<string, SafeTensor> = {};
  for (const spec of denoiser.specs) {
    const value = params[spec.name] ?? fail(`unet/${denoiser.name}`, `parameter "${spec.name}" is missing.`);
    const { name, layout } = names(spec);
    const data = await value.data<"float32">();
    written[name] = { dtype: "F32", ...layout.toTorch({ shape: spec.shape, data }) };
  }
  return { ...written, ...names.constants };
}

/** A constant may be missing: what it holds is known. Where it is there, it must agree to float32's rounding. */
function checkConstant(where: string, name: string, expected: SafeTensor, given?: SafeTensor): void {
  if (!given) return;
  const [ours, theirs] = [float32(expected, `"${name}"`), float32(given, `"${name}"`)];
  const apart = ours.some((value, i) => !(Math.abs(value - theirs[i]!) <= 1e-4 * Math.abs(value) + 1e-6));
  if (expected.shape.join() !== given.shape.join() || apart) {
    fail(
      where,
      `"${name}" holds other numbers than the options say.`,
      "Build the family as the file's network was.",
    );
  }
}

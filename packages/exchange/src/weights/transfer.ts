import { fail, type ParamSpec, type Params } from "@ddpm/core";
import type { ErrorPlace } from "@ddpm/core/authoring";
import { float32, type SafeTensor } from "@ddpm/weights";
import * as tf from "@tensorflow/tfjs-core";
import type { TensorNames } from "./names.ts";

/** What is known of a network before it has weights. */
interface Network {
  readonly name: string;
  readonly specs: readonly ParamSpec[];
}

/**
 * Reads a network's weights from the tensors of a reference's file. The caller owns the result.
 *
 * @param file tensors by the reference's names, all of them and no others
 * @throws DdpmError naming what is missing, left over, of another shape, or not finite
 */
export function importWeights(
  network: Network,
  names: TensorNames,
  file: Readonly<Record<string, SafeTensor>>,
): Params {
  const where: ErrorPlace = `exchange/${network.name}`;
  const tensors = Object.fromEntries(
    Object.entries(file)
      .filter(([name]) => !names.ignored?.test(name))
      .map(([name, tensor]) => [names.current?.(name) ?? name, tensor]),
  );
  const left = new Set(Object.keys(tensors));
  const numbers = network.specs.map((spec) => {
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
 * Writes a network's weights under the reference's names and layouts, ready for `writeSafetensors`: the inverse of
 * {@link importWeights}.
 */
export async function exportWeights(
  network: Network,
  names: TensorNames,
  params: Params,
): Promise<Record<string, SafeTensor>> {
  const written: Record<string, SafeTensor> = {};
  for (const spec of network.specs) {
    const value =
      params[spec.name] ?? fail(`exchange/${network.name}`, `parameter "${spec.name}" is missing.`);
    const { name, layout } = names(spec);
    const data = await value.data<"float32">();
    written[name] = { dtype: "F32", ...layout.toTorch({ shape: spec.shape, data }) };
  }
  return { ...written, ...names.constants };
}

/** A constant may be missing: what it holds is known. Where it is there, it must agree to float32's rounding. */
function checkConstant(where: ErrorPlace, name: string, expected: SafeTensor, given?: SafeTensor): void {
  if (!given) return;
  const [ours, theirs] = [float32(expected, `"${name}"`), float32(given, `"${name}"`)];
  const differs = ours.some((value, i) => !(Math.abs(value - theirs[i]!) <= 1e-4 * Math.abs(value) + 1e-6));
  if (expected.shape.join() !== given.shape.join() || differs) {
    fail(
      where,
      `"${name}" holds other numbers than the arguments give.`,
      "Give the arguments that the file's network was built with.",
    );
  }
}

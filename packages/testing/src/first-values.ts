import { fail, type ParamSpec, type Params, type Random, random } from "@ddpm/core";
import type { ErrorPlace } from "@ddpm/core/authoring";
import * as tf from "@tensorflow/tfjs-core";

/** A network that declares its parameters and makes them. */
interface Initialised {
  readonly specs: readonly ParamSpec[];
  init(random: Random): Params;
}

/**
 * First values of every parameter, in the order of the specs.
 *
 * @param where of the message of an error
 * @throws DdpmError for other shapes, numbers that are not finite, and tensors too many
 */
export async function firstValues(
  where: ErrorPlace,
  { specs, init }: Initialised,
  seed: number,
): Promise<readonly Float32Array[]> {
  const params = init(random(seed));
  const surplus = Object.keys(params).length - specs.length;
  const values: Float32Array[] = [];
  for (const { name, shape } of specs) {
    const value = params[name];
    if (value?.shape.join() !== shape.join()) fail(where, `init gives "${name}" shape [${value?.shape}].`);
    const data = await value!.data<"float32">();
    if (!data.every(Number.isFinite)) fail(where, `"${name}" starts with numbers that are not finite.`);
    values.push(data);
  }
  tf.dispose({ ...params });
  if (surplus !== 0) fail(where, `init gives ${surplus} tensors that specs do not name.`);
  return values;
}

import type { Params } from "@ddpm/core";
import { PACK_TENSORS, UNPACK_TENSORS } from "@ddpm/tfjs-kernels";
import * as tf from "@tensorflow/tfjs-core";

/** Numbers in a vector: any device binds 128 MiB, and three of them may go into one result. */
const LARGEST = 2 ** 23;

/** Tensors that a rule for single numbers is applied to at once. */
export interface Bundle {
  /** The tensors that `of` gives for the bundle's names, as one. */
  join(of: (name: string) => tf.Tensor): tf.Tensor;
  /** The parts of a result, by name. */
  part(whole: tf.Tensor): Record<string, tf.Tensor>;
}

/**
 * The names of some tensors in bundles: many to a bundle where the running backend packs them, else one to each. A
 * rule that treats every number alike has the same result either way.
 */
export function bundlesOf(params: Params): Bundle[] {
  const backend = tf.getBackend();
  const names = Object.keys(params);
  if (!tf.getKernel(PACK_TENSORS, backend) || !tf.getKernel(UNPACK_TENSORS, backend))
    return names.map(single);
  const bundles: string[][] = [];
  let size = Number.POSITIVE_INFINITY;
  for (const name of names) {
    const more = params[name]!.size;
    if (size + more > LARGEST) {
      bundles.push([]);
      size = 0;
    }
    bundles.at(-1)!.push(name);
    size += more;
  }
  return bundles.map((members) => (members.length === 1 ? single(members[0]!) : packed(members, params)));
}

const single = (name: string): Bundle => ({
  join: (of) => of(name),
  part: (whole) => ({ [name]: whole }),
});

function packed(names: readonly string[], params: Params): Bundle {
  const shapes = names.map((name) => params[name]!.shape);
  return {
    join: (of) => tf.engine().runKernel(PACK_TENSORS, names.map(of) as unknown as tf.NamedTensorMap),
    part(whole) {
      const given = { shapes } as unknown as tf.NamedAttrMap;
      const parts = tf.engine().runKernel(UNPACK_TENSORS, { x: whole }, given) as unknown as tf.Tensor[];
      return Object.fromEntries(names.map((name, i) => [name, parts[i]!]));
    },
  };
}

/** Applies a rule for single numbers to records of the same names and shapes, each tensor of the first with its like. */
export function mapTogether(
  params: Params,
  rule: (value: tf.Tensor, like: (record: Params) => tf.Tensor) => tf.Tensor,
): Record<string, tf.Tensor> {
  const mapped = bundlesOf(params).map(({ join, part }) => {
    const like = (record: Params): tf.Tensor => join((name) => record[name]!);
    return part(rule(like(params), like));
  });
  return Object.assign({}, ...mapped);
}

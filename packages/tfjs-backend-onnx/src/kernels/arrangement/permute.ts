import type { OpDefinition, Value } from "../../graph/operation.ts";
import type { Recorder } from "../../graph/recorder.ts";

/** A permutation of axes. */
const transposeOp: OpDefinition = {
  name: "Transpose",
  lower: (c, node) => {
    const { perm } = node.attributes as { perm: readonly number[] };
    c.set(node.outputs[0]!, c.transpose(c.get(node.inputs[0]!), perm));
  },
};

/** Records a permutation of axes. */
export function permuted(record: Recorder, x: Value, perm: readonly number[]): Value {
  const shape = perm.map((axis) => x.shape[axis]!);
  return record.op(transposeOp, [x], shape, x.dtype, { perm });
}

/** [B, C, H, W] to [B, H, W, C]. */
export function channelsLast(record: Recorder, x: Value): Value {
  return permuted(record, x, [0, 2, 3, 1]);
}

/** [B, H, W, C] to [B, C, H, W]. */
export function channelsFirst(record: Recorder, x: Value): Value {
  return permuted(record, x, [0, 3, 1, 2]);
}

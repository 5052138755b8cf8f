import type { OpDefinition, Value } from "../../graph/operation.ts";
import type { Recorder } from "../../graph/recorder.ts";
import { type Shape, sameShape, sizeOf } from "../../tensor/shape.ts";

/** The same numbers in plain order under another shape. A repeated single number stays one. */
export const reshapeOp: OpDefinition = {
  name: "Reshape",
  lower: (c, node) => {
    const x = node.inputs[0]!;
    const y = node.outputs[0]!;
    if (c.isBroadcast(x) && sizeOf(c.shapeOf(c.operand(x))) === 1)
      c.setBroadcast(y, c.reshape(c.operand(x), [1]));
    else c.set(y, c.reshape(c.get(x), y.shape));
  },
};

/** Records a new shape, or nothing if it is the same one. */
export function reshaped(record: Recorder, x: Value, shape: Shape): Value {
  return sameShape(x.shape, shape) ? x : record.op(reshapeOp, [x], shape, x.dtype);
}

import type { OpDefinition } from "../../graph/operation.ts";
import { attribute, kernel, type LoweredKernel } from "../kernel.ts";

const alongAxis = (op: string): OpDefinition => ({
  name: op,
  lower: (c, node) => {
    const y = node.outputs[0]!;
    const { axis } = node.attributes as { axis: number };
    c.set(y, c.emit(op, [c.get(node.inputs[0]!)], y.shape, { axis }));
  },
});

function normalised(name: string, op: OpDefinition, axisName: string): LoweredKernel {
  return kernel(name, (call) => {
    const logits = call.input("logits");
    if (logits.dtype !== "float32" || logits.shape.includes(0)) return null;
    const axis = attribute<number>(call, axisName);
    return call.record.op(op, [logits], logits.shape, "float32", {
      axis: axis < 0 ? axis + logits.shape.length : axis,
    });
  });
}

export const softmaxKernels: readonly LoweredKernel[] = [normalised("Softmax", alongAxis("Softmax"), "dim")];

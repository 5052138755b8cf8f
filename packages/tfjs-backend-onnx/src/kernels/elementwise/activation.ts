import type { Lowering } from "../../graph/operation.ts";
import type { Shape } from "../../tensor/shape.ts";

/** Activations that TensorFlow.js fuses into matrix products and convolutions. */
export type Activation = "linear" | "relu" | "relu6" | "elu" | "sigmoid" | "leakyrelu" | "prelu";

const KNOWN: readonly string[] = ["linear", "relu", "relu6", "elu", "sigmoid", "leakyrelu", "prelu"];

/** Whether {@link activate} knows an activation. */
export function canActivate(activation: string): activation is Activation {
  return KNOWN.includes(activation);
}

/** Emits an activation; `weights` are those of prelu, broadcast to x. */
export function activate(
  c: Lowering,
  activation: Activation,
  x: string,
  alpha: number,
  weights: string | undefined,
): string {
  const shape: Shape = c.shapeOf(x);
  switch (activation) {
    case "linear":
      return x;
    case "relu":
      return c.emit("Relu", [x], shape);
    case "relu6":
      return c.emit("Clip", [x, c.floats([0], []), c.floats([6], [])], shape);
    case "elu":
      return c.emit("Elu", [x], shape);
    case "sigmoid":
      return c.emit("Sigmoid", [x], shape);
    case "leakyrelu":
      return c.emit("LeakyRelu", [x], shape, { alpha: { float: alpha } });
    case "prelu":
      return c.emit("PRelu", [x, weights!], shape);
  }
}

import type { OpDefinition } from "../../graph/operation.ts";
import type { DType } from "../../tensor/shape.ts";
import { attribute, type KernelCall, kernel, type LoweredKernel } from "../kernel.ts";
import { type EmitElementwise, elementwise, operator } from "./elementwise.ts";

const FLOAT: readonly DType[] = ["float32"];
const NUMBER: readonly DType[] = ["float32", "int32"];

/** A kernel of one input `x` whose result has the same shape and dtype. */
function unary(name: string, op: OpDefinition, dtypes: readonly DType[] = FLOAT): LoweredKernel {
  return kernel(name, (call) => {
    const x = call.input("x");
    return dtypes.includes(x.dtype) ? call.record.op(op, [x], x.shape, x.dtype) : null;
  });
}

/** The same, composed of several operators. */
function composed(name: string, emit: EmitElementwise, dtypes: readonly DType[] = FLOAT): LoweredKernel {
  return unary(name, elementwise(name, emit), dtypes);
}

/** Float only, and the identity for whole numbers. */
function rounding(name: string, op: string): LoweredKernel {
  const definition = operator(op);
  return kernel(name, (call) => {
    const x = call.input("x");
    if (x.dtype === "int32") return call.share(call.tensors.x!, x.shape);
    return x.dtype === "float32" ? call.record.op(definition, [x], x.shape, x.dtype) : null;
  });
}

/** A predicate: the result is a bool tensor. */
function predicate(name: string, emit: EmitElementwise): LoweredKernel {
  const op = elementwise(name, emit);
  return kernel(name, (call) => {
    const x = call.input("x");
    return x.dtype === "float32" ? call.record.op(op, [x], x.shape, "bool") : null;
  });
}

/** Kernels with numbers as attributes take them as scalars that are bound at run time. */
function withScalars(
  name: string,
  attributes: readonly string[],
  op: OpDefinition,
  dtypes = FLOAT,
): LoweredKernel {
  return kernel(name, (call: KernelCall) => {
    const x = call.input("x");
    if (!dtypes.includes(x.dtype)) return null;
    const scalars = attributes.map((key) => call.record.scalar(attribute<number>(call, key), x.dtype));
    return call.record.op(op, [x, ...scalars], x.shape, x.dtype);
  });
}

/** -1, 0 or 1; 0 for what is not a number. */
const sign = elementwise("Sign", (c, [x], shape, node) => {
  const { dtype } = node.inputs[0]!;
  const zero = c.number(0, dtype);
  const positive = c.cast(c.emit("Greater", [x!, zero], shape), dtype);
  return c.emit("Sub", [positive, c.cast(c.emit("Less", [x!, zero], shape), dtype)], shape);
});

const leakyRelu = elementwise("LeakyRelu", (c, [x, alpha], shape) => {
  const negative = c.emit("Less", [x!, c.number(0, "float32")], shape);
  return c.emit("Where", [negative, c.emit("Mul", [x!, alpha!], shape), x!], shape);
});

/** 1 above 0, alpha below, and not a number where x is not. */
const step = elementwise("Step", (c, [x, alpha], shape) => {
  const positive = c.emit("Greater", [x!, c.number(0, "float32")], shape);
  const stepped = c.emit("Where", [positive, c.number(1, "float32"), alpha!], shape);
  return c.emit("Where", [c.emit("IsNaN", [x!], shape), x!, stepped], shape);
});

/** Minimum and maximum that keep NaN, which Clip may lose. */
const clip = elementwise("ClipByValue", (c, [x, low, high], shape, node) => {
  if (node.inputs[0]!.dtype !== "float32") {
    return c.emit("Min", [c.emit("Max", [x!, low!], shape), high!], shape);
  }
  return c.emit("Clip", [x!, c.reshape(low!, []), c.reshape(high!, [])], shape);
});

const relu6: EmitElementwise = (c, [x], shape) =>
  c.emit("Clip", [x!, c.floats([0], []), c.floats([6], [])], shape);

export const unaryKernels: readonly LoweredKernel[] = [
  unary("Abs", operator("Abs"), NUMBER),
  unary("Acos", operator("Acos")),
  unary("Acosh", operator("Acosh")),
  unary("Asin", operator("Asin")),
  unary("Asinh", operator("Asinh")),
  unary("Atan", operator("Atan")),
  unary("Atanh", operator("Atanh")),
  rounding("Ceil", "Ceil"),
  unary("Cos", operator("Cos")),
  unary("Cosh", operator("Cosh")),
  unary("Elu", operator("Elu")),
  unary("Erf", operator("Erf")),
  unary("Exp", operator("Exp")),
  rounding("Floor", "Floor"),
  predicate("IsNan", (c, [x], shape) => c.emit("IsNaN", [x!], shape)),
  predicate("IsInf", (c, [x], shape) => c.emit("IsInf", [x!], shape)),
  predicate("IsFinite", (c, [x], shape) => {
    const zero = c.emit("Sub", [x!, x!], shape);
    return c.emit("Equal", [zero, zero], shape);
  }),
  unary("Log", operator("Log")),
  composed("Log1p", (c, [x], shape) =>
    c.emit("Log", [c.emit("Add", [x!, c.number(1, "float32")], shape)], shape),
  ),
  composed("Expm1", (c, [x], shape) =>
    c.emit("Sub", [c.emit("Exp", [x!], shape), c.number(1, "float32")], shape),
  ),
  unary("Neg", operator("Neg"), NUMBER),
  unary("Reciprocal", operator("Reciprocal")),
  unary("Relu", operator("Relu"), NUMBER),
  composed("Relu6", relu6),
  rounding("Round", "Round"),
  composed("Rsqrt", (c, [x], shape) => c.emit("Reciprocal", [c.emit("Sqrt", [x!], shape)], shape)),
  unary("Selu", operator("Selu")),
  unary("Sigmoid", operator("Sigmoid")),
  unary("Sign", sign, NUMBER),
  unary("Sin", operator("Sin")),
  unary("Sinh", operator("Sinh")),
  unary("Softplus", operator("Softplus")),
  unary("Sqrt", operator("Sqrt")),
  composed("Square", (c, [x], shape) => c.emit("Mul", [x!, x!], shape), NUMBER),
  unary("Tan", operator("Tan")),
  unary("Tanh", operator("Tanh")),
  withScalars("LeakyRelu", ["alpha"], leakyRelu),
  withScalars("Step", ["alpha"], step),
  withScalars("ClipByValue", ["clipValueMin", "clipValueMax"], clip, NUMBER),
];

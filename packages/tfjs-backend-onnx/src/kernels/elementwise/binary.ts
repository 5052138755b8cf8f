import type { Lowering, OpDefinition } from "../../graph/operation.ts";
import type { DType } from "../../tensor/shape.ts";
import { kernel, type LoweredKernel } from "../kernel.ts";
import { allOf, broadcastResult, type EmitElementwise, elementwise, operator } from "./elementwise.ts";

const NUMBER: readonly DType[] = ["float32", "int32"];

/** A kernel of two inputs `a` and `b` of one dtype that broadcast against each other. */
function binary(name: string, op: OpDefinition, dtypes: readonly DType[] = NUMBER): LoweredKernel {
  return kernel(name, (call) => {
    const a = call.input("a");
    const b = call.input("b");
    if (a.dtype !== b.dtype || !dtypes.includes(a.dtype)) return null;
    return call.record.op(op, [a, b], broadcastResult(a.shape, b.shape), a.dtype);
  });
}

/** A comparison: bool result; bool operands compare as 0 and 1. */
function comparison(name: string, op: string, negate = false): LoweredKernel {
  const definition = elementwise(name, (c, operands, shape, node) => {
    const whole = node.inputs[0]!.dtype === "bool" ? operands.map((x) => c.cast(x, "int32")) : operands;
    const result = c.emit(op, whole, shape);
    return negate ? c.emit("Not", [result], shape) : result;
  });
  return kernel(name, (call) => {
    const a = call.input("a");
    const b = call.input("b");
    if (a.dtype !== b.dtype) return null;
    return call.record.op(definition, [a, b], broadcastResult(a.shape, b.shape), "bool");
  });
}

function logical(name: string, op: string): LoweredKernel {
  const definition = operator(op);
  return kernel(name, (call) => {
    const a = call.input("a");
    const b = call.input("b");
    if (!allOf([a, b], "bool")) return null;
    return call.record.op(definition, [a, b], broadcastResult(a.shape, b.shape), "bool");
  });
}

/** Floors towards minus infinity; whole numbers go through float64, which holds every int32. */
const floorDivide: EmitElementwise = (c, [a, b], shape, node) => {
  if (node.inputs[0]!.dtype === "float32") return c.emit("Floor", [c.emit("Div", [a!, b!], shape)], shape);
  const quotient = c.emit("Div", [c.cast(a!, "float64"), c.cast(b!, "float64")], shape);
  return c.cast(c.emit("Floor", [quotient], shape), "int32");
};

/** Whole numbers divide towards zero, through float64. */
const divide: EmitElementwise = (c, [a, b], shape, node) => {
  if (node.inputs[0]!.dtype === "float32") return c.emit("Div", [a!, b!], shape);
  return c.cast(c.emit("Div", [c.cast(a!, "float64"), c.cast(b!, "float64")], shape), "int32");
};

/** The remainder with the sign of the divisor, as TensorFlow.js defines it. */
const modulo: EmitElementwise = (c, [a, b], shape, node) => {
  if (node.inputs[0]!.dtype === "int32") return c.emit("Mod", [a!, b!], shape);
  const zero = c.number(0, "float32");
  const rest = c.emit("Mod", [a!, b!], shape, { fmod: 1 });
  const wrongSign = c.emit("Less", [c.emit("Mul", [rest, b!], shape), zero], shape);
  return c.emit("Where", [wrongSign, c.emit("Add", [rest, b!], shape), rest], shape);
};

const squaredDifference: EmitElementwise = (c, [a, b], shape) => {
  const difference = c.emit("Sub", [a!, b!], shape);
  return c.emit("Mul", [difference, difference], shape);
};

const prelu: EmitElementwise = (c, [x, alpha], shape) => {
  const negative = c.emit("Less", [x!, c.number(0, "float32")], c.shapeOf(x!));
  return c.emit("Where", [negative, c.emit("Mul", [x!, alpha!], shape), x!], shape);
};

/** The gradient of Elu from its result: dy where y >= 0, else dy (y + 1). */
const eluGradient: EmitElementwise = (c: Lowering, [dy, y], shape) => {
  const positive = c.emit("GreaterOrEqual", [y!, c.number(0, "float32")], shape);
  const slope = c.emit("Add", [y!, c.number(1, "float32")], shape);
  return c.emit("Where", [positive, dy!, c.emit("Mul", [dy!, slope], shape)], shape);
};

function pair(name: string, first: string, second: string, emit: EmitElementwise): LoweredKernel {
  const op = elementwise(name, emit);
  return kernel(name, (call) => {
    const a = call.input(first);
    const b = call.input(second);
    if (!allOf([a, b], "float32")) return null;
    return call.record.op(op, [a, b], broadcastResult(a.shape, b.shape), "float32");
  });
}

const logicalNot = operator("Not");

export const binaryKernels: readonly LoweredKernel[] = [
  binary("Add", operator("Add")),
  binary("Sub", operator("Sub")),
  binary("Multiply", operator("Mul")),
  binary("RealDiv", elementwise("RealDiv", divide)),
  binary("FloorDiv", elementwise("FloorDiv", floorDivide)),
  binary("Mod", elementwise("Mod", modulo)),
  binary("Maximum", operator("Max")),
  binary("Minimum", operator("Min")),
  binary("Pow", operator("Pow"), ["float32"]),
  binary("SquaredDifference", elementwise("SquaredDifference", squaredDifference)),
  pair("Prelu", "x", "alpha", prelu),
  pair("EluGrad", "dy", "y", eluGradient),
  comparison("Equal", "Equal"),
  comparison("NotEqual", "Equal", true),
  comparison("Greater", "Greater"),
  comparison("GreaterEqual", "GreaterOrEqual"),
  comparison("Less", "Less"),
  comparison("LessEqual", "LessOrEqual"),
  logical("LogicalAnd", "And"),
  logical("LogicalOr", "Or"),
  logical("LogicalXor", "Xor"),
  kernel("LogicalNot", (call) => {
    const x = call.input("x");
    return x.dtype === "bool" ? call.record.op(logicalNot, [x], x.shape, "bool") : null;
  }),
];

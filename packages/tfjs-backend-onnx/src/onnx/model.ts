import { type ProtoWriter, protoWriter } from "./protobuf.ts";

/** Element types of ONNX tensors that this backend uses. */
export type OnnxType = "float32" | "uint8" | "int32" | "int64" | "bool" | "float64";

/** An attribute: an integer, integers, a string, or a float (`{ float: x }`, since JavaScript cannot tell 1 from 1.0). */
export type Attribute = number | readonly number[] | string | { readonly float: number };

/** An operator with the names of the tensors that it reads and writes. */
export interface OnnxNode {
  readonly op: string;
  readonly name: string;
  /** "" for ai.onnx, or the name of a domain of ONNX Runtime's own operators. */
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, Attribute>>;
}

/** A tensor of a known shape. */
export interface OnnxTensor {
  readonly name: string;
  readonly type: OnnxType;
  readonly shape: readonly number[];
}

/** A tensor that the model holds, little-endian and in row-major order. */
export interface OnnxConstant extends OnnxTensor {
  readonly bytes: Uint8Array;
}

/** An input or output; a dimension may be the name of a length that differs from run to run, or "" where nothing is known. */
export interface OnnxPort {
  readonly name: string;
  readonly type: OnnxType;
  readonly shape: readonly (number | string)[];
}

/** Operators in an order in which they can run, with what enters and leaves the graph. */
export interface OnnxGraph {
  readonly inputs: readonly OnnxPort[];
  readonly outputs: readonly OnnxPort[];
  readonly constants: readonly OnnxConstant[];
  readonly nodes: readonly OnnxNode[];
}

/** `TensorProto.DataType` of the ONNX specification. */
const TYPE_CODE: Readonly<Record<OnnxType, number>> = {
  float32: 1,
  uint8: 2,
  int32: 6,
  int64: 7,
  bool: 9,
  float64: 11,
};

/** Room for what is not numbers; the writer grows beyond it. */
const FRAME = 1 << 16;

/** What a model says about itself. */
export interface OnnxHeader {
  readonly irVersion: number;
  readonly opsets: readonly (readonly [domain: string, version: number])[];
  readonly producer: string;
  /** Name of the graph. */
  readonly name: string;
  readonly about?: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** Of graphs that this backend runs itself. */
const OWN: OnnxHeader = {
  irVersion: 9,
  opsets: [
    ["", 20],
    ["com.microsoft", 1],
    ["com.microsoft.nchwc", 1],
  ],
  producer: "tfjs-backend-onnx",
  name: "g",
};

/** The code of an element type, as operators such as Cast take it. */
export function typeCode(type: OnnxType): number {
  return TYPE_CODE[type];
}

/** Encodes a graph as an ONNX model (field numbers: onnx.proto3). */
export function encodeModel(graph: OnnxGraph, header: OnnxHeader = OWN): Uint8Array {
  const w = protoWriter(FRAME + graph.constants.reduce((sum, { bytes }) => sum + bytes.length, 0));
  w.int(1, header.irVersion);
  w.text(2, header.producer);
  if (header.about) w.text(6, header.about);
  w.message(7, () => {
    for (const node of graph.nodes) w.message(1, () => writeNode(w, node));
    w.text(2, header.name);
    for (const constant of graph.constants) w.message(5, () => writeConstant(w, constant));
    for (const input of graph.inputs) w.message(11, () => writeTensorInfo(w, input));
    for (const output of graph.outputs) w.message(12, () => writeTensorInfo(w, output));
  });
  for (const [domain, version] of header.opsets) {
    w.message(8, () => {
      w.text(1, domain);
      w.int(2, version);
    });
  }
  for (const [key, value] of Object.entries(header.metadata ?? {})) {
    w.message(14, () => {
      w.text(1, key);
      w.text(2, value);
    });
  }
  return w.finish();
}

function writeNode(w: ProtoWriter, node: OnnxNode): void {
  for (const input of node.inputs) w.text(1, input);
  for (const output of node.outputs) w.text(2, output);
  w.text(3, node.name);
  w.text(4, node.op);
  for (const [name, value] of Object.entries(node.attributes)) {
    w.message(5, () => writeAttribute(w, name, value));
  }
  if (node.domain) w.text(7, node.domain);
}

function writeAttribute(w: ProtoWriter, name: string, value: Attribute): void {
  w.text(1, name);
  if (typeof value === "number") {
    w.int(3, value);
    w.int(20, 2);
  } else if (typeof value === "string") {
    w.text(4, value);
    w.int(20, 3);
  } else if ("float" in value) {
    w.float(2, value.float);
    w.int(20, 1);
  } else {
    for (const item of value) w.int(8, item);
    w.int(20, 7);
  }
}

function writeConstant(w: ProtoWriter, constant: OnnxConstant): void {
  w.packedInts(1, constant.shape);
  w.int(2, TYPE_CODE[constant.type]);
  w.text(8, constant.name);
  w.bytes(9, constant.bytes);
}

function writeTensorInfo(w: ProtoWriter, tensor: OnnxPort): void {
  w.text(1, tensor.name);
  w.message(2, () => {
    w.message(1, () => {
      w.int(1, TYPE_CODE[tensor.type]);
      w.message(2, () => {
        for (const size of tensor.shape) w.message(1, () => writeDimension(w, size));
      });
    });
  });
}

function writeDimension(w: ProtoWriter, size: number | string): void {
  if (typeof size === "number") w.int(1, size);
  else if (size !== "") w.text(2, size);
}

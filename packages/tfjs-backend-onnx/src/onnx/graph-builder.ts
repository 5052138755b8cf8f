import type { Shape } from "../tensor/shape.ts";
import type { Attribute, OnnxConstant, OnnxNode, OnnxType } from "./model.ts";

/** Collects the nodes and constants of an ONNX graph; equal constants are kept once. */
export interface GraphBuilder {
  /** Put into the name of every node, so that errors of the runtime name the kernel. */
  label: string;
  readonly nodes: OnnxNode[];
  readonly constants: OnnxConstant[];
  node(
    op: string,
    inputs: readonly string[],
    shapes: readonly Shape[],
    attributes: Readonly<Record<string, Attribute>>,
    domain: string,
  ): readonly string[];
  constant(type: OnnxType, values: ArrayBufferView, shape: Shape): string;
  /** Declares a tensor that comes from outside. */
  declare(name: string, shape: Shape): void;
  shapeOf(name: string): Shape;
}

export function graphBuilder(): GraphBuilder {
  const nodes: OnnxNode[] = [];
  const constants: OnnxConstant[] = [];
  const known = new Map<string, string>();
  const shapes = new Map<string, Shape>();
  let next = 0;

  const builder: GraphBuilder = {
    label: "",
    nodes,
    constants,
    node: (op, inputs, outputShapes, attributes, domain) => {
      const outputs = outputShapes.map((shape) => {
        const name = `t${next++}`;
        shapes.set(name, shape);
        return name;
      });
      nodes.push({ op, name: `${builder.label} #${nodes.length}`, domain, inputs, outputs, attributes });
      return outputs;
    },
    constant: (type, values, shape) => {
      const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
      const key = bytes.length <= 128 ? `${type} ${shape} ${shape.length} ${bytes}` : "";
      const found = known.get(key);
      if (found !== undefined) return found;
      const name = `c${constants.length}`;
      constants.push({ name, type, shape, bytes });
      shapes.set(name, shape);
      if (key) known.set(key, name);
      return name;
    },
    declare: (name, shape) => {
      shapes.set(name, shape);
    },
    shapeOf: (name) => {
      const shape = shapes.get(name);
      if (!shape) throw new Error(`no tensor ${JSON.stringify(name)} in the graph`);
      return shape;
    },
  };
  return builder;
}

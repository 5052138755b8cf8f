import type { OnnxNode } from "../onnx/model.ts";
import type { DType } from "../tensor/shape.ts";
import type { ScalarBinding, ScalarKey } from "./plan.ts";

/** The scalar leaves of a graph, grouped into classes that share a value; all classes of a dtype enter as one vector. */
export interface ScalarInputs {
  /** The tensor that carries a leaf. */
  nameOf(leaf: number, dtype: DType): string;
  names(): string[];
  bindings(): ScalarBinding[];
}

/** Groups scalar leaves by their keys. */
export function scalarInputs(scalarKey: ScalarKey): ScalarInputs {
  const classes = new Map<DType, { members: number[][]; byKey: Map<string, number> }>();
  return {
    nameOf: (leaf, dtype) => {
      let ofType = classes.get(dtype);
      if (!ofType) {
        ofType = { members: [], byKey: new Map() };
        classes.set(dtype, ofType);
      }
      const key = scalarKey(leaf);
      let k = ofType.byKey.get(key);
      if (k === undefined) {
        k = ofType.members.length;
        ofType.byKey.set(key, k);
        ofType.members.push([]);
      }
      ofType.members[k]!.push(leaf);
      return scalarName(dtype, k);
    },
    names: () => [...classes].flatMap(([dtype, { members }]) => members.map((_, k) => scalarName(dtype, k))),
    bindings: () =>
      [...classes].map(([dtype, { members }]) => ({ name: `scalars_${dtype}`, dtype, classes: members })),
  };
}

/** The node that gives each class of a vector of scalars its name. */
export function splitScalars({ name, dtype, classes }: ScalarBinding): OnnxNode {
  return {
    op: "Split",
    name: `scalars ${dtype}`,
    domain: "",
    inputs: [name],
    outputs: classes.map((_, k) => scalarName(dtype, k)),
    attributes: { axis: 0, num_outputs: classes.length },
  };
}

function scalarName(dtype: DType, k: number): string {
  return `${dtype === "float32" ? "sf" : "si"}${k}`;
}

import { backend_util, SplitV, type TensorInfo, util } from "@tensorflow/tfjs-core";
import { sizeOf } from "../../size-of.ts";
import { kernel, type WebgpuKernel } from "../kernel.ts";
import { elementOf, widthOf } from "../program/element.ts";
import { launch } from "../program/launch.ts";

interface Inputs {
  readonly x: TensorInfo;
}

interface Attributes {
  readonly numOrSizeSplits: number | number[];
  readonly axis: number;
}

const LANES = 128;

/** Buffers that a shader may bind besides its input. */
const MOST = 7;

/** Pieces of x along an axis: the gradient of a concatenation, and queries, keys and values. */
export const splitV: WebgpuKernel = kernel<Inputs, Attributes>(
  SplitV,
  "slow: one dispatch per piece",
  ({ inputs: { x }, attrs, backend, stock }) => {
    const [axis] = util.parseAxisParam(attrs.axis, x.shape) as [number];
    const sizes = backend_util.prepareSplitSize(
      { shape: x.shape } as Parameters<typeof backend_util.prepareSplitSize>[0],
      attrs.numOrSizeSplits,
      axis,
    );
    const onHost = backend.shouldExecuteOnCPU([x]);
    const empty = sizeOf(x.shape) === 0 || sizes.includes(0);
    if (x.dtype !== "float32" || sizes.length < 2 || sizes.length > MOST || empty || onHost) return stock();
    const inner = sizeOf(x.shape.slice(axis + 1));
    const lengths = sizes.map((size) => size * inner);
    const element = elementOf(lengths.find((length) => length % 4 !== 0) ?? 4);
    const wide = widthOf(element);
    const pieces = sizes.map((size) =>
      backend.makeTensorInfo(
        x.shape.map((length, at) => (at === axis ? size : length)),
        "float32",
      ),
    );
    const outputs = Object.fromEntries(pieces.map((piece, i) => [`piece${i}`, piece]));
    const size = sizeOf(x.shape) / wide;
    launch(backend, {
      name: SplitV,
      key: element,
      inputs: { x },
      outputs,
      types: Object.fromEntries(["x", ...Object.keys(outputs)].map((name) => [name, element])),
      numbers: {
        size: { i32: size },
        length: { i32: (x.shape[axis]! * inner) / wide },
        ...Object.fromEntries(lengths.map((length, i) => [`length${i}`, { i32: length / wide }])),
      },
      workgroup: [LANES],
      workgroups: [Math.ceil(size / LANES)],
      source: () => `
        fn run(group: vec3<u32>, local: vec3<u32>, index: u32) {
          let i = i32(group.x) * ${LANES} + i32(index);
          if (i >= uniforms.size) { return; }
          let row = i / uniforms.length;
          var at = i % uniforms.length;
          ${pieces
            .map(
              (
                _,
                n,
              ) => `if (at < uniforms.length${n}) { piece${n}[row * uniforms.length${n} + at] = x[i]; return; }
          at -= uniforms.length${n};`,
            )
            .join("\n          ")}
        }`,
    });
    return pieces;
  },
);

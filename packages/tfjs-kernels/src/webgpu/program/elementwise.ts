import type { TensorInfo } from "@tensorflow/tfjs-core";
import { sizeOf } from "../../size-of.ts";
import type { WebgpuBackend } from "../backend.ts";
import { elementOf, widthOf } from "./element.ts";
import { launch } from "./launch.ts";

/** Invocations of a workgroup. */
const LANES = 128;

/** A function of the numbers at one place of tensors of one shape. */
export interface Elementwise {
  readonly name: string;
  readonly inputs: Readonly<Record<string, TensorInfo>>;
  /** Written in place when it is there already. */
  readonly output: TensorInfo;
  /** Changes of `value` that the name does not tell. */
  readonly key?: string;
  /** WGSL functions that `value` uses; `E` is f32 or vec4<f32>. */
  readonly functions?: (element: string) => string;
  /** WGSL of the output at `i`, e.g. `a[i] + b[i]`; `result[i]` is what is there. */
  readonly value: string;
}

/** Runs it in one dispatch, four numbers at a time where the size allows. */
export function elementwise(backend: WebgpuBackend, how: Elementwise): TensorInfo {
  const { name, inputs, output, key = "", functions, value } = how;
  const size = sizeOf(output.shape);
  const element = elementOf(size);
  const names = [...Object.keys(inputs), "result"];
  launch(backend, {
    name,
    key: `${key} ${element}`,
    inputs,
    outputs: { result: output },
    types: Object.fromEntries(names.map((tensor) => [tensor, element])),
    numbers: { size: { i32: size / widthOf(element) } },
    workgroup: [LANES],
    workgroups: [Math.ceil(size / widthOf(element) / LANES)],
    source: () => `
      alias E = ${element};
      ${functions?.(element) ?? ""}
      fn run(group: vec3<u32>, local: vec3<u32>, index: u32) {
        let i = i32(group.x) * ${LANES} + i32(index);
        if (i < uniforms.size) { result[i] = ${value}; }
      }`,
  });
  return output;
}

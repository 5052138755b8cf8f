import { env, type TensorInfo } from "@tensorflow/tfjs-core";
import { sizeOf } from "../../size-of.ts";
import type { Pipeline, Uniform, WebgpuBackend } from "../backend.ts";
import { refuse } from "../refuse.ts";

/** Numbers that a program is given per launch, by name; the sources that use them need no other declaration. */
export type Numbers = Readonly<Record<string, { readonly i32: number } | { readonly f32: number }>>;

/** One compute program and the tensors of one launch. */
export interface Launch {
  /** Kernel and part, e.g. `GroupNorm.statistics`: label of the pipeline and of the timer. */
  readonly name: string;
  /** Everything that changes the source, besides the name and the names of buffers and numbers. */
  readonly key?: string;
  /** Buffers that are read, by the name the source knows them under. */
  readonly inputs: Readonly<Record<string, TensorInfo>>;
  /** Buffers that are written, and may be read before; no buffer may be there twice. */
  readonly outputs: Readonly<Record<string, TensorInfo>>;
  /** Element types other than `f32`, e.g. `vec4<f32>`. */
  readonly types?: Readonly<Record<string, string>>;
  /** Read as `uniforms.<name>`. */
  readonly numbers?: Numbers;
  /** Invocations of one workgroup. */
  readonly workgroup: readonly [number, number?, number?];
  /** Workgroups; at most 65,535 along y and z, more along x are wrapped. */
  readonly workgroups: readonly [number, number?, number?];
  /**
   * WGSL. Ends in `fn run(group: vec3<u32>, local: vec3<u32>, index: u32) { … }`: workgroup, invocation in it, and the
   * same as one number.
   */
  readonly source: () => string;
}

const typeOf = (value: { readonly i32: number } | { readonly f32: number }): "i32" | "f32" =>
  "i32" in value ? "i32" : "f32";

/** The lengths and strides that `recordAndSubmit` writes per tensor, seen as flat: two numbers each. */
const flat = (x: TensorInfo): TensorInfo => ({ ...x, shape: [sizeOf(x.shape)] });

function sourceOf(launch: Launch, tensors: readonly (readonly [string, "read" | "read_write"])[]): string {
  const { numbers = {}, types = {}, workgroup, source } = launch;
  const fields = [
    "nan_: f32",
    "infinity_: f32",
    ...tensors.flatMap((_, i) => [`length${i}_: i32`, `stride${i}_: i32`]),
    "groups_: u32",
    ...Object.entries(numbers).map(([name, value]) => `${name}: ${typeOf(value)}`),
  ];
  return [
    `struct Uniforms { ${fields.join(", ")} };`,
    ...tensors.map(
      ([name, access], i) =>
        `@group(0) @binding(${i}) var<storage, ${access}> ${name}: array<${types[name] ?? "f32"}>;`,
    ),
    `@group(0) @binding(${tensors.length}) var<uniform> uniforms: Uniforms;`,
    source(),
    `@compute @workgroup_size(${workgroup.join(", ")})`,
    `fn start_(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) count: vec3<u32>,
      @builtin(local_invocation_id) local: vec3<u32>, @builtin(local_invocation_index) index: u32) {`,
    // Wrapped along y when x alone is too long; the last row may then have workgroups to spare.
    "let x = select(group.x, group.y * count.x + group.x, uniforms.groups_ > count.x);",
    "let y = select(group.y, 0u, uniforms.groups_ > count.x);",
    "if (x < uniforms.groups_) { run(vec3<u32>(x, y, group.z), local, index); } }",
  ].join("\n");
}

function pipelineOf(
  backend: WebgpuBackend,
  launch: Launch,
  tensors: readonly (readonly [string, "read" | "read_write"])[],
): Pipeline | Promise<Pipeline> {
  const { name, key = "", types = {}, numbers = {}, workgroup } = launch;
  const signature = [
    "@ddpm",
    name,
    key,
    workgroup,
    tensors.map(([tensor]) => `${tensor}:${types[tensor] ?? ""}`),
    Object.entries(numbers).map(([number, value]) => `${number}:${typeOf(value)}`),
  ].join("|");
  const known = backend.pipelineCache[signature];
  if (known) return known;
  const { device } = backend;
  const module = device.createShaderModule({ code: sourceOf(launch, tensors), label: name });
  const descriptor = { label: name, layout: "auto", compute: { module, entryPoint: "start_" } };
  const pipeline = env().getBool("WEBGPU_ENGINE_COMPILE_ONLY")
    ? device.createComputePipelineAsync(descriptor)
    : device.createComputePipeline(descriptor);
  backend.pipelineCache[signature] = pipeline;
  return pipeline;
}

/** `x` workgroups in a row, wrapped where the device allows fewer. */
function wrap(limit: number, [x, y = 1, z = 1]: Launch["workgroups"]): [number, number, number] {
  if (x <= limit) return [x, y, z];
  if (y !== 1) refuse("launch", `${x} × ${y} workgroups, at most ${limit} per axis.`, "Use smaller batches.");
  const across = Math.ceil(Math.sqrt(x));
  return [across, Math.ceil(x / across), z];
}

/**
 * Appends one dispatch to the backend's command queue. Unlike `runWebGPUProgram` it takes several outputs, and
 * outputs that are read and overwritten in place.
 *
 * Every buffer that the source declares must be used by it, else WebGPU drops its binding.
 *
 * @throws DdpmError with more buffers than a shader may bind
 */
export function launch(backend: WebgpuBackend, launch: Launch): void {
  const { inputs, outputs, numbers = {}, name } = launch;
  const written = Object.entries(outputs);
  const read = Object.entries(inputs);
  const [[firstName, first], ...others] = written as [
    [string, TensorInfo],
    ...(readonly [string, TensorInfo])[],
  ];
  const limit = backend.device.limits.maxStorageBuffersPerShaderStage;
  if (written.length + read.length > limit) {
    const count = written.length + read.length;
    refuse(name, `${count} buffers, at most ${limit} in one shader.`, "Report this.");
  }
  const tensors = [
    [firstName, "read_write"] as const,
    ...read.map(([tensor]) => [tensor, "read"] as const),
    ...others.map(([tensor]) => [tensor, "read_write"] as const),
  ];
  const bound = [...read, ...others].map(([, x]) => x);
  for (const x of [first, ...bound]) backend.uploadToGPU(x.dataId);
  const pipeline = pipelineOf(backend, launch, tensors);
  if (env().getBool("WEBGPU_ENGINE_COMPILE_ONLY")) return;
  const uniforms: Uniform[] = [
    { type: "uint32", data: [launch.workgroups[0]] },
    ...Object.values(numbers).map((value): Uniform => {
      return "i32" in value ? { type: "int32", data: [value.i32] } : { type: "float32", data: [value.f32] };
    }),
  ];
  const dispatch = wrap(backend.device.limits.maxComputeWorkgroupsPerDimension, launch.workgroups);
  // Timers name a program by its constructor.
  const program = { pipeline, dispatch, constructor: { name } };
  backend.recordAndSubmit(program, flat(first), bound.map(flat), uniforms);
}

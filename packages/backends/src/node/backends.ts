import { type Registry, registry } from "@ddpm/core";
import type { Backend } from "../backend.ts";
import { cpu } from "../cpu.ts";
import { node } from "./node.ts";
import { nodeGpu } from "./node-gpu.ts";
import { onnx } from "./onnx.ts";
import { wasm } from "./wasm.ts";
import { webgpu } from "./webgpu.ts";

/** In the order in which `auto` tries them. */
export const backends: Registry<Backend> = registry("backends/backends", "backend", [
  nodeGpu,
  webgpu,
  onnx,
  node,
  wasm,
  cpu,
]);

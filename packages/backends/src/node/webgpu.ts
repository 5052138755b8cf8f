import { readdirSync } from "node:fs";
import { fail } from "@ddpm/core";
import type { Backend } from "./backend.ts";
import { select } from "./select.ts";

interface AdapterInfo {
  readonly vendor: string;
  readonly architecture: string;
  readonly device: string;
  readonly description: string;
}

/** Names that software renderers give themselves. */
const SOFTWARE = /swiftshader|llvmpipe|lavapipe|software|basic render/i;

/** Device files that a graphics card has on Linux. Without one Dawn only prints what it misses. */
const DEVICES = /^(dri|nvidia\d+|dxg)$/;

/** `navigator.gpu`, made where Node has none; one for the whole process, since a device does not outlive it. */
async function provideGpu(): Promise<GPU> {
  const { navigator } = globalThis as unknown as { readonly navigator?: { readonly gpu?: GPU } };
  if (navigator?.gpu) return navigator.gpu;
  const { create, globals } = await import("webgpu").catch((cause: Error) =>
    fail(
      "backend/webgpu",
      `the npm package webgpu (Dawn) does not load: ${cause.message.split("\n")[0]}.`,
      "Install it again, npm install webgpu, or take another backend.",
      { cause },
    ),
  );
  Object.assign(globalThis, globals);
  const gpu = create([]);
  Object.defineProperty(globalThis, "navigator", { value: { gpu }, configurable: true });
  return gpu;
}

/** TensorFlow.js on WebGPU, in Node through Dawn (npm `webgpu`), with kernels for training; its errors end the run. */
export const webgpu: Backend = {
  name: "webgpu",
  about: "WebGPU through Dawn with @ddpm/tfjs-kernels; a graphics card, or SwiftShader for checks",
  plausible() {
    if (process.platform !== "linux") return true;
    return readdirSync("/dev").some((name) => DEVICES.test(name));
  },
  async start() {
    const gpu = await provideGpu();
    const adapter = await gpu.requestAdapter({ powerPreference: "high-performance" });
    if (!adapter) {
      fail(
        "backend/webgpu",
        "Dawn found no usable graphics adapter.",
        "It needs a Vulkan, Metal or D3D12 driver; for a software one set VK_DRIVER_FILES to SwiftShader's vk_swiftshader_icd.json.",
      );
    }
    await import("@tensorflow/tfjs-backend-webgpu");
    await select("webgpu");
    const { registerWebgpuKernels, watchWebgpuDevice } = await import("@ddpm/tfjs-kernels/webgpu");
    registerWebgpuKernels();
    watchWebgpuDevice();
    const info = adapter.info as AdapterInfo;
    const label = info.description || info.device || [info.vendor, info.architecture].join(" ");
    return {
      name: "webgpu",
      detail: label,
      accelerated: !SOFTWARE.test(Object.values({ ...info, label }).join(" ")),
    };
  },
};

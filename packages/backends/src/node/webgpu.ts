import { readdirSync } from "node:fs";
import { fail, type Plugin } from "@ddpm/core";
import { type AdapterInfo, adapterLabel, isSoftware } from "../adapter.ts";
import type { Backend } from "../backend.ts";
import { plugin } from "../plugin.ts";
import { loadStockWebgpu } from "../stock-webgpu.ts";
import { hasVulkanDriver } from "./vulkan.ts";

/** Device files that a graphics card has on Linux. Without one Dawn only prints what it misses. */
const DEVICES = /^(dri|nvidia\d+|dxg)$/;

/** `navigator.gpu`, made where Node has none; one for the whole process, since a device does not outlive it. */
async function provideGpu(): Promise<GPU> {
  const { navigator } = globalThis as unknown as { readonly navigator?: { readonly gpu?: GPU } };
  if (navigator?.gpu) return navigator.gpu;
  const { create, globals } = await import(/* turbopackOptional: true */ "webgpu").catch((cause: Error) =>
    fail(
      "backends/webgpu",
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

/** What Dawn needs of the system. */
const NEEDS =
  "It needs a Vulkan, Metal or D3D12 driver; for a software one set VK_DRIVER_FILES to SwiftShader's vk_swiftshader_icd.json.";

async function adapterInfo(): Promise<AdapterInfo> {
  if (process.platform === "linux" && !hasVulkanDriver())
    fail("backends/webgpu", "no Vulkan driver is installed.", NEEDS);
  const gpu = await provideGpu();
  const adapter = await gpu.requestAdapter({ powerPreference: "high-performance" });
  if (adapter) return adapter.info as AdapterInfo;
  return fail("backends/webgpu", "Dawn found no usable graphics adapter.", NEEDS);
}

/** TensorFlow.js on WebGPU, in Node through Dawn (npm `webgpu`), with kernels for training; its errors end the run. */
export const webgpu: Plugin<Record<string, never>, Backend> = plugin({
  name: "webgpu",
  about: "WebGPU through Dawn with @ddpm/tfjs-kernels; a graphics card, or SwiftShader for checks",
  source: "@tensorflow/tfjs-backend-webgpu; webgpu (Dawn)",
  options: {},
  create: (): Backend => ({
    async doubt() {
      if (process.platform === "linux" && !readdirSync("/dev").some((name) => DEVICES.test(name)))
        return "no device";
      return isSoftware(await adapterInfo()) ? "software graphics only" : undefined;
    },
    async start() {
      const detail = adapterLabel(await adapterInfo());
      await loadStockWebgpu();
      const { select } = await import("../select.ts");
      await select("webgpu");
      const { registerWebgpuKernels, watchWebgpuDevice } = await import("@ddpm/tfjs-kernels/webgpu");
      registerWebgpuKernels();
      return { name: "webgpu", detail, trouble: watchWebgpuDevice() };
    },
  }),
});

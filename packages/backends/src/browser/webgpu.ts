import { fail, type Plugin } from "@ddpm/core";
import * as z from "zod";
import { type AdapterInfo, adapterLabel, isSoftware } from "../adapter.ts";
import type { Backend } from "../backend.ts";
import { plugin } from "../plugin.ts";
import { select } from "../select.ts";
import { loadStockWebgpu } from "../stock-webgpu.ts";

async function adapterInfo(): Promise<AdapterInfo> {
  const { gpu } = (globalThis as unknown as { readonly navigator: { readonly gpu?: GPU } }).navigator;
  if (!gpu) return fail("backends/webgpu", "this browser has no WebGPU.");
  const adapter = await gpu.requestAdapter({ powerPreference: "high-performance" });
  if (!adapter) return fail("backends/webgpu", "the browser found no graphics adapter.");
  return adapter.info;
}

/** TensorFlow.js on the graphics card, with kernels for training. */
export const webgpu: Plugin<{ advice?: string }, Backend> = plugin({
  name: "webgpu",
  about: "WebGPU with @ddpm/tfjs-kernels; for a graphics card",
  source: "@tensorflow/tfjs-backend-webgpu",
  options: {
    advice: z
      .string()
      .optional()
      .describe("what to do where the device is lost, one sentence; the sentence of `trouble` ends with it"),
  },
  create: ({ advice }): Backend => ({
    async doubt() {
      const info = await adapterInfo();
      return isSoftware(info) ? `its adapter is software (${adapterLabel(info)})` : undefined;
    },
    async start() {
      const detail = adapterLabel(await adapterInfo());
      const [{ registerWebgpuKernels, watchWebgpuDevice }] = await Promise.all([
        import("@ddpm/tfjs-kernels/webgpu"),
        loadStockWebgpu(),
      ]);
      await select("webgpu");
      registerWebgpuKernels();
      return { name: "webgpu", detail, trouble: watchWebgpuDevice(advice) };
    },
  }),
});

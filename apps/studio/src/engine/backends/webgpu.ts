import type { Backend } from "./backend.ts";
import { DEVICE_ADVICE } from "./device-advice.ts";
import { select } from "./select.ts";

/** Names that software renderers give themselves. */
const SOFTWARE = /swiftshader|llvmpipe|lavapipe|software|basic render/i;

async function adapterInfo(): Promise<GPUAdapterInfo> {
  const { gpu } = navigator;
  if (!gpu) throw new Error("this browser has no WebGPU");
  const adapter = await gpu.requestAdapter({ powerPreference: "high-performance" });
  if (!adapter) throw new Error("the browser found no graphics adapter");
  return adapter.info;
}

const labelOf = ({ description, device, vendor, architecture }: GPUAdapterInfo): string =>
  description || device || [vendor, architecture].filter(Boolean).join(" ") || "graphics adapter";

/** TensorFlow.js on the graphics card, with kernels for training. */
export const webgpu: Backend = {
  name: "webgpu",
  async doubt() {
    const info = await adapterInfo();
    const words = [info.vendor, info.architecture, info.device, info.description].join(" ");
    return SOFTWARE.test(words) ? `its adapter is software (${labelOf(info)})` : undefined;
  },
  async start() {
    const detail = labelOf(await adapterInfo());
    const [{ registerWebgpuKernels, watchWebgpuDevice }] = await Promise.all([
      import("@ddpm/tfjs-kernels/webgpu"),
      import("@tensorflow/tfjs-backend-webgpu"),
    ]);
    await select("webgpu");
    registerWebgpuKernels();
    return { detail, trouble: watchWebgpuDevice(DEVICE_ADVICE) };
  },
};

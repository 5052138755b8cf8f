import { existsSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";

/** Debian's chromium brings a software Vulkan driver: it counts as a graphics card does, but its times mean little. */
const SWIFTSHADER = "/usr/lib/chromium/vk_swiftshader_icd.json";

/** The environment of a process that uses WebGPU: the machine's own driver where there is a card, else SwiftShader. */
export function graphicsEnvironment(): Record<string, string> {
  const card =
    process.platform !== "linux" || readdirSync("/dev").some((name) => /^(dri|nvidia\d+|dxg)$/.test(name));
  if (process.env.VK_DRIVER_FILES || card || !existsSync(SWIFTSHADER)) return {};
  return {
    VK_DRIVER_FILES: SWIFTSHADER,
    VK_ICD_FILENAMES: SWIFTSHADER,
    XDG_RUNTIME_DIR: process.env.XDG_RUNTIME_DIR ?? tmpdir(),
  };
}

/**
 * Gives Node a `navigator.gpu` through Dawn and registers TensorFlow.js's webgpu backend.
 *
 * @returns what the adapter calls itself
 */
export async function provideWebgpu(): Promise<string> {
  const { create, globals } = await import("webgpu");
  Object.assign(globalThis, globals);
  const gpu = create([]);
  Object.defineProperty(globalThis, "navigator", { value: { gpu }, configurable: true });
  const adapter = await gpu.requestAdapter({ powerPreference: "high-performance" });
  if (!adapter) throw new Error("Dawn found no graphics adapter; set VK_DRIVER_FILES to a Vulkan driver");
  await import("@tensorflow/tfjs-backend-webgpu");
  return adapter.info.description || adapter.info.device;
}

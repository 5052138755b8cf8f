import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs-core";

/** Debian's chromium brings a Vulkan driver that needs no graphics card. */
const SWIFTSHADER = "/usr/lib/chromium/vk_swiftshader_icd.json";

/** Whether a device can be had; without one the tests are left out, with a line that reports it. */
export const hasDevice: boolean = Boolean(process.env.VK_DRIVER_FILES) || existsSync(SWIFTSHADER);
if (!hasDevice) console.warn(`no test of the webgpu kernels: they need a driver, such as ${SWIFTSHADER}`);

/** Errors of the device since the last look: they never throw, the tensors just read as zeros. */
const errors: string[] = [];

/**
 * TensorFlow.js on WebGPU through Dawn; the backend is chosen and its stock kernels are registered, ours are not.
 *
 * Import what extends the backend afterwards or before, as you like; call it once per file.
 */
export async function startDevice(): Promise<void> {
  if (!process.env.VK_DRIVER_FILES) {
    Object.assign(process.env, { VK_DRIVER_FILES: SWIFTSHADER, VK_ICD_FILENAMES: SWIFTSHADER });
    process.env.XDG_RUNTIME_DIR ??= tmpdir();
  }
  const { create, globals } = await import("webgpu");
  Object.assign(globalThis, globals);
  Object.defineProperty(globalThis, "navigator", { value: { gpu: create([]) }, configurable: true });
  await import("@tensorflow/tfjs-backend-webgpu");
  if (!(await tf.setBackend("webgpu"))) throw new Error("the webgpu backend did not start");
  await tf.ready();
  const { device } = tf.backend() as unknown as { readonly device: EventTarget };
  device.addEventListener("uncapturederror", (event) => {
    errors.push((event as unknown as { error: Error }).error.message);
  });
}

/** Throws what the device has reported since the last call. Read a tensor first, so that its work is done. */
export function refuseDeviceErrors(): void {
  const found = errors.splice(0);
  if (found.length > 0) throw new Error(found.join("\n"));
}

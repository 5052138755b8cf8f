import { existsSync } from "node:fs";
import { tmpdir } from "node:os";

/** Debian's chromium brings a software Vulkan driver, which makes WebGPU testable anywhere. */
const SWIFTSHADER = "/usr/lib/chromium/vk_swiftshader_icd.json";

/** Whether a graphics device can be had; without one tests that need it are left out, with a line about it. */
export const hasGraphics: boolean = Boolean(process.env.VK_DRIVER_FILES) || existsSync(SWIFTSHADER);
if (!hasGraphics) console.warn(`no test of webgpu: it needs a driver, such as ${SWIFTSHADER}`);

/** Lets this process find the software driver, unless another one is named. */
export function useGraphics(): void {
  if (!process.env.VK_DRIVER_FILES) {
    Object.assign(process.env, { VK_DRIVER_FILES: SWIFTSHADER, VK_ICD_FILENAMES: SWIFTSHADER });
  }
  process.env.XDG_RUNTIME_DIR ??= tmpdir();
}

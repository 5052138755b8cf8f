import { expect, test } from "vitest";
import { hasVulkanDriver } from "../src/node/vulkan.ts";

const none = (): never => {
  throw new Error("no such folder");
};

test.each([
  [{}, {}, false],
  [{ VK_DRIVER_FILES: "/opt/swiftshader.json" }, {}, true],
  [{}, { "/usr/share/vulkan/icd.d": ["intel_icd.json"] }, true],
  [{}, { "/usr/share/vulkan/icd.d": ["README"] }, false],
  [{ HOME: "/home/a" }, { "/home/a/.local/share/vulkan/icd.d": ["nvidia_icd.json"] }, true],
  [{ XDG_DATA_DIRS: "/nix/share" }, { "/nix/share/vulkan/icd.d": ["lvp_icd.json"] }, true],
  [{ XDG_DATA_DIRS: "/nix/share" }, { "/usr/share/vulkan/icd.d": ["lvp_icd.json"] }, false],
])("with the variables %j and the files %j a Vulkan driver is found: %s", (env, files, expected) => {
  const list = (folder: string): readonly string[] => (files as Record<string, string[]>)[folder] ?? none();
  expect(hasVulkanDriver(env, list)).toBe(expected);
});

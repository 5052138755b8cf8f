import { expect, test } from "vitest";
import * as contract from "../src/index.ts";
import { webgpuKernels } from "../src/webgpu/kernels/index.ts";

test("every kernel that the contract names is among those of WebGPU", () => {
  const names = Object.values(contract);
  const made = webgpuKernels.map(({ name }) => name);
  expect(names.length).toBeGreaterThan(8);
  expect(names.filter((name) => !made.includes(name))).toEqual([]);
});

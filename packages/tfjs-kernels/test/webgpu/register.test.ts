import { spawnSync } from "node:child_process";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { registerWebgpuKernels, webgpuKernels } from "../../src/webgpu/index.ts";
import { hasDevice, refuseDeviceErrors, startDevice } from "./device.ts";

describe.skipIf(!hasDevice)("registerWebgpuKernels", () => {
  beforeAll(startDevice);

  it("registers every kernel, and changes nothing when called again", () => {
    registerWebgpuKernels();
    const before = webgpuKernels.map(({ name }) => tf.getKernel(name, "webgpu").kernelFunc);
    registerWebgpuKernels();
    expect(webgpuKernels.map(({ name }) => tf.getKernel(name, "webgpu").kernelFunc)).toEqual(before);
    expect(new Set(before).size).toBe(webgpuKernels.length);
  });

  it("the harness computes, and sees what the device reports", async () => {
    expect(Array.from(await tf.add(tf.tensor1d([1, 2]), tf.zeros([2])).data())).toEqual([1, 2]);
    refuseDeviceErrors();
    // WebGPU refuses it, and throws nothing.
    const { device } = tf.backend() as unknown as { readonly device: { createBuffer(how: object): object } };
    device.createBuffer({ size: 4, usage: 0 });
    await tf.relu(tf.tensor1d([-1, 1])).data();
    expect(refuseDeviceErrors).toThrow(/usage/i);
  });
});

it("says what to do when the webgpu backend is not loaded, and importing it alone registers nothing", () => {
  const path = new URL("../../src/webgpu/index.ts", import.meta.url).href;
  const script = `import * as tf from "@tensorflow/tfjs-core";
    const { registerWebgpuKernels } = await import(${JSON.stringify(path)});
    console.log(tf.getKernelsForBackend("webgpu").length);
    try { registerWebgpuKernels() } catch (error) { console.log(error.name, error.message) }`;
  const cwd = new URL("../..", import.meta.url);
  const { stdout } = spawnSync(process.execPath, ["--import", "tsx", "--input-type=module", "-e", script], {
    cwd,
    encoding: "utf8",
  });
  expect(stdout).toMatch(
    /^0\nDdpmError \[tfjs-kernels\/webgpu\/register\] the webgpu backend is not loaded.*Import/,
  );
});

import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { watchWebgpuDevice } from "../../src/webgpu/index.ts";
import { hasDevice, startDevice } from "./device.ts";

/** A backend of its own for every test, since its device does not survive it. */
async function freshBackend(): Promise<{ readonly device: { destroy(): void } }> {
  tf.removeBackend("webgpu");
  tf.registerBackend("webgpu", start!);
  await tf.setBackend("webgpu");
  return tf.backend() as unknown as { readonly device: { destroy(): void } };
}

let start: (() => tf.KernelBackend | Promise<tf.KernelBackend>) | undefined;

describe.skipIf(!hasDevice)("a device that fails", () => {
  beforeAll(async () => {
    await startDevice();
    start = tf.findBackendFactory("webgpu");
  });

  it("reads as zeros, without an error, where nobody watches", async () => {
    await freshBackend();
    const sum = tf.addN(Array.from({ length: 12 }, () => tf.ones([2000])));
    expect((await sum.data())[0]).toBe(0);
  });

  it("throws what the device refused, and what to do, instead of the zeros", async () => {
    await freshBackend();
    const trouble = watchWebgpuDevice();
    expect(trouble()).toBeUndefined();
    const fine = tf.add(tf.ones([2000]), 1);
    expect((await fine.data())[0]).toBe(2);
    // More buffers than a program may have.
    const sum = tf.addN(Array.from({ length: 12 }, () => tf.ones([2000])));
    await expect(sum.data()).rejects.toThrow(/device refused work.*storage buffers.*smaller batches/);
    expect(trouble()).toMatch(/refused/);
    // Whatever is read later may have been computed from it.
    await expect(tf.add(sum, 1).data()).rejects.toThrow(/refused/);
  });

  it("throws that it is lost, whether a read was under way or comes later", async () => {
    const { device } = await freshBackend();
    watchWebgpuDevice("Do this.");
    const x = tf.add(tf.ones([2000]), 1);
    const underWay = x.data();
    device.destroy();
    await expect(underWay).rejects.toThrow(/device was lost.*Do this/);
    await expect(tf.add(x, 1).data()).rejects.toThrow(/device was lost/);
  });
});

it("does not wait for an answer that a lost device never gives", async () => {
  let lose = (_: { readonly message: string; readonly reason: string }): void => {};
  const lost = new Promise<{ readonly message: string; readonly reason: string }>((resolve) => {
    lose = resolve;
  });
  const silent = {
    device: { lost, addEventListener: () => {} },
    read: (_: object): Promise<unknown> => new Promise(() => {}),
  };
  watchWebgpuDevice("Do this.", silent);
  const reads = [silent.read({}), silent.read({})];
  lose({ message: "The driver crashed.", reason: "unknown" });
  for (const read of reads) await expect(read).rejects.toThrow(/was lost.*The driver crashed.*Do this/);
});

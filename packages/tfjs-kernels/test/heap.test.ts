import { expect, it } from "vitest";
import { on, tensor, tf, values } from "./support.ts";

it("gives the same bits while the heap grows under it as when it has room", async () => {
  const x = values(1, 8, 48, 48, 48);
  const w = values(2, 3, 3, 48, 48);
  const gradients = () => {
    const f = (y: tf.Tensor, k: tf.Tensor): tf.Scalar =>
      tf.sum(tf.square(tf.conv2d(y as tf.Tensor4D, k as tf.Tensor4D, 2, "same")));
    const flat = tf.reshape(tensor(x), [-1, 48]);
    return [...tf.grads(f)([tensor(x), tensor(w)]), tf.matMul(flat, flat, true)];
  };
  await tf.setBackend("wasm");
  const heap = (tf.backend() as unknown as { wasm: { HEAPU8: Uint8Array } }).wasm;
  const before = heap.HEAPU8.byteLength;
  const first = await on("wasm", gradients);
  expect(heap.HEAPU8.byteLength).toBeGreaterThan(before);
  expect(await on("wasm", gradients)).toEqual(first);
});

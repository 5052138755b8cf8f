import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { register } from "tsx/esm/api";

/** Twenty steps of a small convolution; prints or posts the sum of its weights. */
async function train() {
  register();
  const tf = await import("@tensorflow/tfjs");
  await import("../../src/index.ts");
  if (!(await tf.setBackend("onnx"))) throw new Error("the backend did not start");
  const x = tf.ones([2, 8, 8, 8]);
  let w = tf.mul(tf.ones([3, 3, 8, 16]), 0.1);
  for (let i = 0; i < 20; i++) {
    const next = tf.tidy(() => {
      const gradient = tf.grad((w) => tf.mean(tf.square(tf.conv2d(x, w, 1, "same"))))(w);
      return tf.sub(w, tf.mul(gradient, 0.01));
    });
    w.dispose();
    w = next;
    await w.data();
  }
  return (await tf.sum(w).data())[0];
}

const inWorkers = process.argv.includes("workers");
if (isMainThread && inWorkers) {
  const workers = [0, 1].map((id) => new Worker(new URL(import.meta.url), { workerData: id }));
  const sums = await Promise.all(
    workers.map(
      (worker) =>
        new Promise((resolve, reject) => {
          worker.on("message", resolve);
          worker.on("error", reject);
        }),
    ),
  );
  await workers[1].terminate();
  workers[0].postMessage("end");
  console.log(JSON.stringify(sums));
} else {
  const sum = await train();
  if (isMainThread) console.log(JSON.stringify([sum]));
  else {
    parentPort.postMessage(sum);
    parentPort.once("message", () => parentPort.close());
    if (workerData === 1) setInterval(() => {}, 1000);
  }
}

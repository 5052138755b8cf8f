/** What a careful program does: takes the backend if it starts, else the next one. */
import "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs-core";
import { onnxProviders } from "../../src/index.ts";

const started = await tf.setBackend("onnx");
if (!started) await tf.setBackend("cpu");
let reason = "";
try {
  onnxProviders();
} catch (error) {
  reason = (error as Error).message;
}
console.log(JSON.stringify({ started, backend: tf.getBackend(), sum: tf.add(1, 1).dataSync()[0], reason }));
